using System.Text.Json;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

public class VaeGoldens
{
    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases("diffusion/vae");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Vae(string name) => Golden.Run("diffusion/vae", name, golden =>
    {
        string folder = DiffusionFolder.Of(golden, "model");
        using var grad = no_grad();
        string kind = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json"))).RootElement.GetProperty("_class_name").GetString()!;
        if (golden["same_as"].ValueKind == JsonValueKind.String) SameWeights(golden, folder);
        else if (kind == nameof(AutoencoderTiny)) Tiny(golden, folder);
        else if (kind == nameof(AutoencoderKL)) Whole(golden, folder);
        else throw Golden.NotCovered($"no {kind}");
    });

    static void Whole(GoldenCase golden, string folder)
    {
        using var model = AutoencoderKL.Load(folder);
        VaeTiling? tiling = golden["tile_sample_min_size"].ValueKind == JsonValueKind.Number
            ? new(golden["tile_sample_min_size"].GetInt32(), golden["tile_latent_min_size"].GetInt32(), golden["tile_overlap_factor"].GetDouble())
            : null;
        using var inside = new InsideValues(model, golden);
        LatentDistribution? distribution = golden.HasInput("image") ? model.Encode(golden.Input("image"), tiling) : null;
        foreach (string what in golden.ExpectedNames.Where(what => !what.StartsWith("inside.", StringComparison.Ordinal)))
            golden.AssertClose(what switch
            {
                "mean" => distribution!.Mean,
                "logvar" => distribution!.LogVariance,
                "moments" => cat([distribution!.Mean, distribution.LogVariance], 1),
                "sample" => distribution!.Sample(golden.Input("draw")),
                "kl" => 0.5 * (distribution!.Mean.square() + distribution.LogVariance.exp() - 1 - distribution.LogVariance).sum([1, 2, 3]),
                "decoded" => model.Decode(golden.Input("latent"), tiling),
                _ => throw Golden.NotCovered($"no way to {what}"),
            }, golden.Expected(what), what);
        inside.AssertClose();
    }

    static void Tiny(GoldenCase golden, string folder)
    {
        using var model = AutoencoderTiny.Load(folder);
        foreach (string what in golden.ExpectedNames)
            golden.AssertClose(what switch
            {
                "encoded" => model.Encode(golden.Input("image")),
                "decoded" => model.Decode(golden.Input("latent")),
                "scaled" => model.ToUnit(golden.Expected("encoded")),
                "unscaled" => model.FromUnit(golden.Expected("scaled")),
                _ => throw Golden.NotCovered($"no way to {what}"),
            }, golden.Expected(what), what);
    }

    // Another spelling of the same weights: loaded, both models hold the same bits.
    static void SameWeights(GoldenCase golden, string folder)
    {
        using AutoencoderKL model = AutoencoderKL.Load(folder), other = AutoencoderKL.Load(DiffusionFolder.Of(golden, "same_as"));
        var otherWeights = other.state_dict();
        foreach (var (name, weight) in model.state_dict())
            Assert.True(weight.allclose(otherWeights[name], 0, 0), $"{name} differs");
    }
}
