"""Invented people: given and family names, mixed at random. Any likeness to a real person is chance."""

FEMALE = (
    "Abigail", "Adriana", "Amara", "Amelia", "Anita", "Beatrice", "Bernadette", "Camila", "Carla", "Charlotte",
    "Chloe", "Claudia", "Corinne", "Daniela", "Deborah", "Delia", "Eleanor", "Elise", "Emma", "Esperanza", "Fatima",
    "Frances", "Gloria", "Grace", "Hannah", "Harriet", "Helen", "Ingrid", "Irene", "Isabel", "Jacqueline", "Janice",
    "Joyce", "Juliana", "Karen", "Kayla", "Latoya", "Leah", "Linda", "Lucia", "Mai", "Margaret", "Marisol", "Maryam",
    "Megan", "Mercedes", "Miriam", "Nadia", "Naomi", "Nicole", "Noor", "Olivia", "Pa Nhia", "Patricia", "Paula",
    "Priscilla", "Rachel", "Renee", "Rosalind", "Ruth", "Sabrina", "Sandra", "Sofia", "Stephanie", "Susan", "Tamika",
    "Teresa", "Theodora", "Ursula", "Valerie", "Vanessa", "Veronica", "Violet", "Wendy", "Yolanda", "Zoe",
)  # fmt: skip
MALE = (
    "Aaron", "Abdi", "Adrian", "Albert", "Alejandro", "Andre", "Anthony", "Arthur", "Benjamin", "Bernard", "Brandon",
    "Caleb", "Carlos", "Charles", "Christopher", "Clarence", "Curtis", "Dale", "Damien", "Darnell", "Dennis",
    "Diego", "Dominic", "Edgar", "Eduardo", "Elliot", "Emmanuel", "Ernest", "Felix", "Francis", "Gabriel", "Gerald",
    "Gordon", "Gustavo", "Harold", "Hector", "Henry", "Hugo", "Ibrahim", "Isaac", "Jamal", "Jerome", "Joaquin",
    "Jonah", "Kenneth", "Kou", "Lamar", "Lawrence", "Leonard", "Lucas", "Malcolm", "Marcus", "Martin", "Mateo",
    "Nathan", "Neil", "Noah", "Omar", "Oscar", "Patrick", "Paul", "Quentin", "Rafael", "Raymond", "Reuben", "Roland",
    "Samuel", "Scott", "Sebastian", "Stanley", "Theodore", "Tomas", "Tou", "Victor", "Vincent", "Walter", "Xavier",
)  # fmt: skip
FAMILY = (
    "Abernathy", "Adeyemi", "Ahlgren", "Alvarado", "Amundsen", "Barlow", "Bautista", "Beckett", "Bergstrom", "Blackwood",
    "Boateng", "Bratland", "Brennan", "Calloway", "Campos", "Carver", "Castellano", "Chavez", "Clausen", "Colby",
    "Cordova", "Crandall", "Dahlberg", "Delacroix", "Dietrich", "Donovan", "Drummond", "Eastman", "Eberhardt", "Ellison",
    "Engstrom", "Escobar", "Fairbanks", "Farouk", "Ferreira", "Finnegan", "Fontaine", "Friedl", "Gallardo", "Garner",
    "Gilchrist", "Goldberg", "Grimaldi", "Gundersen", "Guzman", "Haddad", "Halvorsen", "Hanley", "Hartwell", "Hassan",
    "Her", "Hinojosa", "Holloway", "Huang", "Hutchins", "Iverson", "Jacobsen", "Jaramillo", "Kaminski", "Kapoor",
    "Keating", "Kessler", "Khoury", "Kowalczyk", "Krause", "Kristiansen", "Lachance", "Lambert", "Larkin", "Lindgren",
    "Lockhart", "Lor", "Maldonado", "Marchetti", "Mbeki", "McAllister", "Meriwether", "Moua", "Mulligan", "Nakamura",
    "Navarro", "Nwosu", "Nygaard", "O'Connell", "O'Hara", "Okonkwo", "Olmstead", "Orozco", "Osterberg", "Pacheco",
    "Paulsen", "Pemberton", "Petrov", "Pfeiffer", "Prescott", "Quigley", "Quintero", "Rasmussen", "Reinhardt", "Renaud",
    "Rosales", "Rothwell", "Saavedra", "Sandoval", "Schaefer", "Schroeder", "Sheridan", "Silva-Reyes", "Skaar", "Solberg",
    "Stavros", "Sutherland", "Tahir", "Thao", "Thornquist", "Toivonen", "Trujillo", "Underhill", "Valdivia", "Vang",
    "Verhoeven", "Villanueva", "Vogel", "Wadsworth", "Warsame", "Weatherby", "Whitfield", "Winslow", "Xiong", "Yamada",
    "Yang", "Yost", "Zamora", "Zeller", "Ziegler",
)  # fmt: skip
