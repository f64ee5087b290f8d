using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Testing;
using Lowrank.Workbench;

namespace Goldens;

/// <summary>Pictures' texts as AUTOMATIC1111 reads them, its quotes, and the settings that stand in them.</summary>
public sealed class A1111InfotextGoldens
{
    const string Group = "diffusion/a1111/infotext";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Infotext(string name) => Golden.Run(Group, name, c =>
    {
        if (c["text"].ValueKind == JsonValueKind.String) Parsed(c);
        else if (c["value"].ValueKind != JsonValueKind.Undefined) Quoted(c);
        else if (c["pairs"].ValueKind == JsonValueKind.Array) Pairs(c);
        else if (c.Name == "setting_labels") Labels(c);
        else throw Golden.NotCovered("a case of another kind");
    });

    static void Parsed(GoldenCase c)
    {
        var styles = StyleSheet.ReadFile(A1111Files.Of(c, c.Group.Json.GetProperty("styles").GetString()!));
        var result = c["result"];
        var read = WebUiParameters.Of(InfoText.Parse(c["text"].GetString()!), styles);
        A1111Files.AssertSame(result.GetProperty("parameters"), read.Values);
        var after = result.GetProperty("after_callbacks");
        var adapters = Directory.EnumerateFiles(A1111Files.Of(c, "files/adapters")).Select(WebUiAdapter.Of).ToDictionary(adapter => adapter.ShortHash);
        A1111Files.AssertSame(after.ValueKind == JsonValueKind.Null ? result.GetProperty("parameters") : after, read.WithAdapters(hash => adapters.GetValueOrDefault(hash)?.Shown(new HashSet<string>())).Values);
        var overrides = result.GetProperty("overrides").EnumerateArray().ToList();
        Assert.Equal(overrides.Count, read.Overrides.Count);
        foreach (var (want, (setting, value)) in overrides.Zip(read.Overrides))
        {
            Assert.Equal((want[0].GetString(), want[1].GetString()), (setting.Label, setting.Name));
            A1111Files.AssertSame(want[2], value);
        }
    }

    static void Quoted(GoldenCase c)
    {
        if (c["value"].ValueKind != JsonValueKind.String)   // which is no text that could need quotes; it is written as Python writes it
        {
            Assert.Equal(c["value"].GetRawText(), c["result"].GetRawText());
            Assert.Equal(c["value"].GetRawText(), Written(c["value"]), ignoreCase: c["value"].ValueKind != JsonValueKind.Number);
            return;
        }
        string value = c["value"].GetString()!;
        Assert.Equal(c["result"].GetString(), QuotedValue.Of(value));
        Assert.Equal(c["back"].GetString(), QuotedValue.Read(QuotedValue.Of(value)));
    }

    static string? Written(JsonElement value)
    {
        var fields = new InfoFields();
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) fields.Add("x", value.GetBoolean());
        else if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long whole)) fields.Add("x", whole);
        else if (value.ValueKind == JsonValueKind.Number) fields.Add("x", value.GetDouble());
        else throw Golden.NotCovered($"a value {value.GetRawText()}");
        return fields.Single().Value;
    }

    static void Pairs(GoldenCase c)
    {
        var read = WebUiSettings.OfPairs(c["pairs"].EnumerateArray().Select(pair => pair.GetString()!));
        A1111Files.AssertSame(c["result"], read);
    }

    static void Labels(GoldenCase c)
    {
        var want = c["result"].EnumerateObject().ToList();
        Assert.Equal(want.Select(one => (one.Name, one.Value[0].GetString()!)), WebUiSettings.All.Select(setting => (setting.Label, setting.Name)));
        foreach (var (one, setting) in want.Zip(WebUiSettings.All)) A1111Files.AssertSame(one.Value[1], setting.Default);
    }
}
