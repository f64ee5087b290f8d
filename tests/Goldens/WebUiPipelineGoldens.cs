using Lowrank.Diffusion;
using Lowrank.Testing;
using Lowrank.Workbench;

namespace Goldens;

/// <summary>
/// The same jobs of AUTOMATIC1111's, asked for as Lowrank's own requests are: "generate --compat a1111" makes its pictures, with its texts.
/// </summary>
public sealed class WebUiPipelineGoldens
{
    const string Group = "diffusion/a1111/jobs";

    // The base lies here as a folder of another name; its noise is said to be the CPU's, and what its texts leave out is told.
    static readonly string[] own =
        ["Model", "Model hash", "RNG", "Fit", "Sampler order", "Sigma noise", "Sigma churn", "Sigma tmin", "Sigma tmax", "Precision", "Batch place"];

    public static IEnumerable<TheoryDataRow<string>> Cases => GoldenFolder.Groups.Contains(Group)
        ? GoldenGroup.Open(Group).Cases.Where(CanBeAsked).Select(c => new TheoryDataRow<string>(c.Name)) : [];

    [Fact, Trait("kind", "goldens")]
    public void MostJobsCanBeAskedForSo() => Assert.True(!GoldenFolder.Groups.Contains(Group) || Cases.Count() > 60, $"{Cases.Count()} can");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Job(string name)
    {
        var c = GoldenGroup.Open(Group).Cases.First(one => one.Name == name);
        using var files = new WebUiGoldenFiles(c);
        using var folder = new TemporaryFolder();
        using var shelf = new ModelShelf();
        int encodings = 0;
        var job = new GeneratingJob(shelf) { EncodingDraws = EncodingDraws.From(_ => c.Input($"vae_noise.{encodings++}")) };
        var report = job.Run(new WebUiPipelineCase(c, files).Asked(folder["out"]), null, TestContext.Current.CancellationToken);
        var pictures = report.Files.Select(PictureFile.Read).ToList();
        string[] texts = [.. c["infotexts"].EnumerateArray().Select(text => text.GetString()!)];
        Assert.Equal(texts.Length, pictures.Count);
        foreach (var (picture, text) in pictures.Zip(texts)) Same(text, picture.InfoText!);
        for (int i = 0; c.ExpectedNames.Contains($"image.{i}"); i++) WebUiJobsGoldens.Picture(c, pictures[i], i);
        Assert.False(c.HasInput($"vae_noise.{encodings}"), "an encoding more was made there");
    }

    static bool CanBeAsked(GoldenCase c)
    {
        using var files = new WebUiGoldenFiles(c);
        return new WebUiPipelineCase(c, files).CanBeAsked;
    }

    static void Same(string text, string told)
    {
        var (want, got) = (InfoText.Parse(text), InfoText.Parse(told));
        Assert.Equal((want.Prompt, want.NegativePrompt), (got.Prompt, got.NegativePrompt));
        Assert.Equal(Fields(want), Fields(got));

        static IEnumerable<string> Fields(InfoText info) => info.Fields
            .Where(field => !own.Contains(field.Key) && !(field.Key == "Mask blur" && field.Value == "0")).Select(field => $"{field.Key}: {field.Value}");
    }
}
