using Lowrank.Diffusion;
using Lowrank.Testing;
using Lowrank.Torch;
using Lowrank.Workbench;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Whole jobs through AUTOMATIC1111: from the body that is sent to its interface to pictures and texts, byte for byte.</summary>
public sealed class WebUiJobsGoldens
{
    const string Group = "diffusion/a1111/jobs";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Job(string name) => Golden.Run(Group, name, c =>
    {
        using var files = new WebUiGoldenFiles(c);
        var request = WebUiRequestReader.Read(c["request"], c["route"].GetString() == "img2img", files.Styles, files.Picture);
        int encodings = 0;
        var draws = EncodingDraws.From(shape =>
        {
            var draw = c.Input($"vae_noise.{encodings++}");
            Assert.Equal(shape, draw.shape);
            return draw;
        });
        using var seen = new WebUiSightings(c);
        var answer = new WebUiJob(files, Precision.Float32, CPU) { EncodingDraws = draws }.Run(request, seen.Watch, TestContext.Current.CancellationToken);

        Texts(c, request, answer);
        seen.Check();
        Assert.False(c.HasInput($"vae_noise.{encodings}"), "an encoding more was made there");
        for (int i = 0; c.ExpectedNames.Contains($"image.{i}"); i++) Picture(c, answer.Pictures[i], i);
    });

    static void Texts(GoldenCase c, WebUiRequest request, WebUiAnswer answer)
    {
        Assert.Equal(Strings("infotexts"), answer.InfoTexts);
        Assert.Equal(Strings("texts"), answer.InfoTexts);
        Assert.Equal(Strings("all_prompts"), answer.Prompts);
        Assert.Equal(Strings("all_negative_prompts"), answer.NegativePrompts);
        if (request.Seed != -1) Assert.Equal(Numbers("all_seeds"), answer.Seeds);
        if (request.Subseed != -1) Assert.Equal(Numbers("all_subseeds"), answer.Subseeds);

        IEnumerable<string> Strings(string fact) => c[fact].EnumerateArray().Select(text => text.GetString()!);
        IEnumerable<long> Numbers(string fact) => c[fact].EnumerateArray().Select(number => number.GetInt64());
    }

    internal static void Picture(GoldenCase c, Picture got, int number)
    {
        var want = c.Expected($"image.{number}");
        Assert.Equal([got.Height, got.Width, 3], want.shape);
        var tolerance = c["tolerance"].GetProperty("image");
        byte[] wanted = want.bytes.ToArray();
        int[] apart = [.. wanted.Zip(got.Pixels, (one, other) => Math.Abs(one - other))];
        int levels = tolerance.GetProperty("levels").GetInt32();
        double share = tolerance.GetProperty("share").GetDouble(), found = apart.Count(level => level > 0) / (double)apart.Length;
        Assert.True(apart.Max() <= levels && found <= share,
            $"{c.Name}: image.{number} is up to {apart.Max()} levels off, {found:p2} of the values are not equal (allowed: {levels}, {share:p2})");
    }
}
