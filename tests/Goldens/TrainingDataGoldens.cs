using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Testing;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>What sd-scripts makes of folders of pictures, their captions and sizes.</summary>
public sealed class TrainingDataGoldens
{
    const string Group = "training/data";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Data(string name) => Golden.Run(Group, name, c =>
    {
        if (c["expected"].TryGetProperty("used", out _) && c.HasInput("folders")) FolderNames(c);
        else if (c["expected"].TryGetProperty("runs", out _) && c.HasInput("caption")) Caption(c);
        else if (c["config"].TryGetProperty("interpolation", out _) && c.HasInput("image")) Resize(c);
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

    static void Caption(GoldenCase c)
    {
        var config = c["config"];
        foreach (var option in new[] { "shuffle_caption", "enable_wildcard", "secondary_separator", "caption_prefix", "caption_suffix" })
            if (config.TryGetProperty(option, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)) throw Golden.NotCovered(option);
        foreach (var option in new[] { "caption_dropout_every_n_epochs", "caption_tag_dropout_rate", "token_warmup_step" })
            if (config.TryGetProperty(option, out var value) && value.GetDouble() != 0) throw Golden.NotCovered(option);
        double dropout = config.GetProperty("caption_dropout_rate").GetDouble();
        foreach (var run in c["expected"].GetProperty("runs").EnumerateArray())
        {
            var draws = run.GetProperty("draws").EnumerateArray().Select(draw => draw.GetProperty("value").GetDouble()).ToList();
            Assert.Equal(dropout > 0 ? 1 : 0, draws.Count);
            var caption = Captions.FirstLine(c["inputs"].GetProperty("caption").GetString()!);
            Assert.Equal(run.GetProperty("caption").GetString(), Captions.Dropped(caption, dropout, draws.FirstOrDefault(1)));
        }
    }

    static void Resize(GoldenCase c)
    {
        if (c["config"].GetProperty("interpolation").ValueKind != JsonValueKind.Null) throw Golden.NotCovered("an interpolation that the user names");
        var source = c.Input("image");   // (H, W, 3), bytes
        var picture = new Picture((int)source.shape[1], (int)source.shape[0], source.bytes.ToArray());
        int[] to = [.. c["config"].GetProperty("to").EnumerateArray().Select(side => side.GetInt32())];
        var resized = PictureTransforms.Resize(picture, to[0], to[1]);
        var got = tensor(resized.Pixels, dtype: ScalarType.Byte).reshape(resized.Height, resized.Width, 3);
        c.AssertClose(got, c.Expected("image"), "image");
    }
}
