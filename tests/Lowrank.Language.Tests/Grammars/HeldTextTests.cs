using System.Text.Json;

namespace Lowrank.Language.Tests;

public class HeldTextTests
{
    [Theory, InlineData("{\"n\": 42}", true), InlineData("{\"n\": 42", false), InlineData("{\"n\": \"42\"}", false), InlineData("", false)]
    public void AWholeTextIsRightByItsGrammarOrNot(string text, bool right)
    {
        using var schema = JsonDocument.Parse("""{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}""");
        Assert.Equal(right, JsonSchemaGrammar.Of(schema.RootElement).Grammar.Holds(text));
    }

    [Fact]
    public void AstralLettersAreOneCharacter()
    {
        using var schema = JsonDocument.Parse("""{"type": "string", "maxLength": 1}""");
        Assert.True(JsonSchemaGrammar.Of(schema.RootElement).Grammar.Holds("\"𝄞\""));
    }
}
