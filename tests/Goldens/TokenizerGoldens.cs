using System.Text.Json;
using Lowrank.Models;
using Lowrank.Testing;

namespace Goldens;

public class TokenizerGoldens
{
    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases("diffusion/tokenizer");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Tokenizer(string name) => Golden.Run("diffusion/tokenizer", name, golden =>
    {
        var tokenizer = ClipTokenizer.Load(DiffusionFolder.Of(golden, "tokenizer"));
        if (golden["pad_id"] is { ValueKind: JsonValueKind.Number } pad) Assert.Equal(pad.GetInt32(), tokenizer.PadId);
        foreach (var text in golden["texts"].EnumerateArray())
        {
            string words = text.GetProperty("text").GetString()!;
            Assert.Equal(Ids(text, "ids"), tokenizer.EncodeUnpadded(words));
            Assert.Equal(Ids(text, "padded"), tokenizer.Encode(words));
        }
    });

    static long[] Ids(JsonElement text, string field) => [.. text.GetProperty(field).EnumerateArray().Select(id => id.GetInt64())];
}
