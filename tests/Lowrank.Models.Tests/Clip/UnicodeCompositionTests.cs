namespace Lowrank.Models.Tests;

public class UnicodeCompositionTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")]                      // the angstrom sign is a letter
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]        // marks are put in order
    [InlineData("a\u0323\u0302", "\u1EAD")]               // two marks, one letter
    [InlineData("\u0958", "\u0915\u093C")]                // excluded from composition
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]          // Hangul
    [InlineData("\uD55C\u0301", "\uD55C\u0301")]
    [InlineData("\U0001F98A", "\U0001F98A")]
    public void TextIsBroughtToFormC(string text, string composed) => Assert.Equal(composed, UnicodeComposition.Compose(text));
}
