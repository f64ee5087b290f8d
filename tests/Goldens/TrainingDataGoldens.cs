using Lowrank.Testing;
using Lowrank.Training;

namespace Goldens;

/// <summary>What sd-scripts makes of folders of pictures.</summary>
public sealed class TrainingDataGoldens
{
    const string Group = "training/data";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Data(string name) => Golden.Run(Group, name, c =>
    {
        if (c["expected"].TryGetProperty("used", out _) && c.HasInput("folders")) FolderNames(c);
        else throw Golden.NotCovered(c["config"].TryGetProperty("fn", out var fn) ? fn.GetString()! : "a case of another kind");
    });

    static void FolderNames(GoldenCase c)
    {
        var used = c["expected"].GetProperty("used");
        foreach (var folder in c["inputs"].GetProperty("folders").EnumerateArray().Select(f => f.GetString()!))
        {
            var got = PictureFolder.ParseName(folder);
            if (!used.TryGetProperty(folder, out var want)) Assert.Null(got);
            else Assert.Equal((want.GetProperty("num_repeats").GetInt32(), want.GetProperty("class_tokens").GetString()!), got);
        }
    }
}
