namespace Lowrank.Language.Tests;

/// <summary>Words as each measure parts them.</summary>
public class WordsTests
{
    [Theory]
    [InlineData("It isn't £20-25, it's family-friendly.", "it is n't # 20-25 it 's family-friendly")]
    [InlineData("You cannot go (really)...", "you can not go really")]
    [InlineData("\"Clowns\" — rated 5/5!", "clowns rated 5/5")]
    public void PtbWordsAreParted(string text, string words) => Assert.Equal(words, PtbWords.Text(text));

    [Theory]
    [InlineData("U.S.-based, 1,000 people's café", "us based , 1,000 people 's café")]
    [InlineData("it 's", "it ' s")]
    public void MeteorWordsAreParted(string text, string words) => Assert.Equal(words, string.Join(' ', MeteorWords.Of(text)));

    [Theory]
    [InlineData("generously", "generous"), InlineData("riversides", "riversid"), InlineData("dying", "die"), InlineData("sky", "sky")]
    [InlineData("happiness", "happi"), InlineData("relational", "relat"), InlineData("hopping", "hop"), InlineData("national", "nation")]
    public void EnglishStemsAreSnowballs(string word, string stem) => Assert.Equal(stem, EnglishStemmer.Stem(word));

    [Theory]
    [InlineData("caresses", "caress"), InlineData("ponies", "poni"), InlineData("relational", "relat"), InlineData("electricity", "electr")]
    [InlineData("dying", "die"), InlineData("hopping", "hop"), InlineData("adjustment", "adjust")]
    public void PorterStemsAreNltks(string word, string stem) => Assert.Equal(stem, PorterStemmer.Stem(word));

    [Fact]
    public void WordsOfDataToTextAreApartFromEveryMark() =>
        Assert.Equal("são vito ' s runway , 2 . 5 km", DataToTextWords.Text("São Vito's runway, 2.5 km"));
}
