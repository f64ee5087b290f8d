using static Lowrank.Workbench.AxisForms;

namespace Lowrank.Workbench;

/// <summary>Axes over seeds and what becomes of them.</summary>
static class NoiseAxes
{
    public static IReadOnlyList<GridAxis<GeneratingRequest>> All { get; } =
    [
        new("Seed", GridValueKind.Whole, (request, value, _) => request with { Seeds = [value.Whole] })
        {
            HoldsSeeds = true, Check = CheckSeeds,
        },
        Varied("Var. seed", "variation seed", GridValueKind.Whole, (variation, value) => variation with { Seeds = [value.Whole] }) with
        {
            HoldsSeeds = true, Check = CheckSeeds, OtherNames = ["var seed", "subseed"], Idle = WithoutStrength,
        },
        Varied("Var. strength", "variation strength", GridValueKind.Number, (variation, value) =>
            variation with { Strength = value.Number }) with { OtherNames = ["var strength"] },
        Varied("Seed resize", "seed resize", GridValueKind.Text, (variation, value) =>
            variation with { ResizeFrom = IsNone(value) ? null : SizeOf(value) }) with { OtherNames = ["Seed resize from"] },
        Varied("ENSD", "ensd", GridValueKind.Whole, (variation, value) => variation with { SeedDelta = value.Whole }) with
        {
            OtherNames = ["Eta noise seed delta"], Idle = WithoutDraws,
        },
        Option("RNG source", "rng", GridValueKind.Text, (options, value) => options with { NoiseSource = NoiseSources.Named(value.Text) }),
    ];

    static string? WithoutStrength(GeneratingRequest request) =>
        request.Options.Variation.Strength == 0 ? "the variation strength is 0: give `variation strength`, or an axis of it" : null;

    static string? WithoutDraws(GeneratingRequest request) =>
        request.Options.DrawsOnTheWay ? null : $"{request.Options.Sampler} draws no noise on the way: give another with `sampler`";

    static (int Width, int Height) SizeOf(GridValue value) => AxisForms.Size(value) is var size && SeedVariation.IsSize(size)
        ? size
        : throw new RequestException($"{PlainValue.Misread("a seed's size", value.Text, $"pair of multiples of {SeedVariation.Factor}")}.");

    static GridAxis<GeneratingRequest> Varied(
        string label, string name, GridValueKind kind, Func<SeedVariation, GridValue, SeedVariation> set) =>
        Option(label, name, kind, (options, value) => options with { Variation = set(options.Variation, value) });
}
