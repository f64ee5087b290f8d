using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Tokens that grammars and JSON schemas allow after a beginning.</summary>
public class GrammarGoldens
{
    const string Group = "language/sampling2/grammar";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Allowed(string name) => Golden.Run(Group, name, golden =>
    {
        var vocabulary = new GgufVocabulary(Path.Combine(golden.Group.Folder, golden["vocabulary"].GetString()!));
        bool isSchema = golden["schema"].ValueKind != JsonValueKind.Undefined;
        var texts = isSchema ? vocabulary.Texts : vocabulary.WithControls;
        var tokens = new SortedTokens(texts);
        var grammar = isSchema ? JsonSchemaGrammar.Of(golden["schema"]).Grammar : GbnfParser.Parse(golden["grammar"].GetString()!);
        foreach (var step in golden["steps"].EnumerateArray())
        {
            var matcher = new GrammarMatcher(grammar, tokens) { TakesLongest = isSchema };
            foreach (var id in step.GetProperty("prefix_ids").EnumerateArray()) matcher.Accept(id.GetInt32());
            AssertStep(step, matcher, texts, isSchema);
        }
    });

    static void AssertStep(JsonElement step, GrammarMatcher matcher, TokenTexts texts, bool isSchema)
    {
        string prefix = step.GetProperty("prefix").GetString()!;
        Assert.True(step.GetProperty("may_end").GetBoolean() == matcher.MayEnd, $"after {prefix} the text may {(matcher.MayEnd ? "" : "not ")}end");
        int[] wanted = [.. step.GetProperty("allowed").EnumerateArray().Select(id => id.GetInt32())];
        var allowed = matcher.Allowed();
        var got = Enumerable.Range(0, texts.Count).Where(id => allowed[id]).ToList();
        // The engine of schemas names one end token.
        if (matcher.MayEnd) got.AddRange(isSchema ? wanted.Where(texts.IsEnd) : texts.Ends);
        var (more, less) = (got.Except(wanted).ToList(), wanted.Except(got).ToList());
        // White space between the parts of the JSON is free.
        if (isSchema) (more, less) = (Parts(more, texts), Parts(less, texts));
        Assert.True(more.Count == 0 && less.Count == 0, $"after {prefix}: too many {Shown(more, texts)}, missing {Shown(less, texts)}");
    }

    static List<int> Parts(List<int> ids, TokenTexts texts) => [.. ids.Where(id => texts[id].IndexOfAnyExcept(" \t\r\n"u8) >= 0)];

    static string Shown(List<int> ids, TokenTexts texts) => string.Join(", ", ids.Select(id => $"{id} {Convert.ToHexString(texts[id])}"));
}
