using static Lowrank.Workbench.AxisForms;

namespace Lowrank.Workbench;

/// <summary>Axes over the second pass at a larger size.</summary>
static class HiresAxes
{
    public static IReadOnlyList<GridAxis<GeneratingRequest>> All { get; } =
    [
        Option("Hires upscale", "hires", GridValueKind.Number, (options, value) => options with
        {
            Hires = options.Hires is { } hires ? hires with { Scale = value.Number } : new(value.Number),
        }) with { OtherNames = ["hires scale"] },
        Hires("Hires steps", "hires steps", GridValueKind.Whole, (hires, value) =>
            hires with { Steps = value.Whole == 0 ? null : Int(value) }),
        Hires("Hires strength", "hires strength", GridValueKind.Number, (hires, value) => hires with { Strength = value.Number }),
        Hires("Hires upscaler", "hires upscaler", GridValueKind.Text, (hires, value) =>
            hires with { Upscaler = HiresUpscaler.Named(value.Text) }) with { LabelOf = Alone },
        Hires("Hires sampler", "hires sampler", GridValueKind.Text, (hires, value) => hires with { Sampler = SamplerOf(value) }),
        Hires("Hires prompt", "hires prompt", GridValueKind.Text, (hires, value) => hires with { Prompt = value.Text }),
    ];

    static string? SamplerOf(GridValue value) => IsNone(value) ? null : SamplerLabel.SamplerOf(value.Text).Name;
}
