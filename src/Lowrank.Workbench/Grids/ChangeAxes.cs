using static Lowrank.Workbench.AxisForms;

namespace Lowrank.Workbench;

/// <summary>Axes over the picture that is changed.</summary>
static class ChangeAxes
{
    /// <summary>Where it is said how much of the picture is made anew.</summary>
    public const string StrengthName = "init strength";

    public static IReadOnlyList<GridAxis<GeneratingRequest>> All { get; } =
    [
        new("Init", GridValueKind.Text, (request, value, _) => request with
        {
            Change = request.Change is { } change ? change with { Picture = value.Text } : new(value.Text),
        }) { LabelOf = FileName, OtherNames = ["init picture"] },
        Change("Init strength", StrengthName, GridValueKind.Number, (change, value) => change with { Strength = value.Number }),
        new("Denoising", GridValueKind.Number, WithDenoising) { OtherNames = ["Denoising strength"], Turn = 1 },
        Change("Mask blur", "mask blur", GridValueKind.Whole, (change, value) => change with { MaskBlur = Int(value) }),
        Change("Padding", "padding", GridValueKind.Whole, (change, value) => change with { Padding = Int(value) }) with
        {
            OtherNames = ["Masked area padding"],
        },
        Change("Fill", "fill", GridValueKind.Text, (change, value) => change with { Content = ContentOf(value) }) with
        {
            OtherNames = [MaskedContents.Field],
        },
        Change("Fit", "fit", GridValueKind.Text, (change, value) => change with { Fit = Word<PictureFit>(value) }),
    ];

    // In AUTOMATIC1111's words, or one's own.
    static MaskedContent ContentOf(GridValue value) => MaskedContents.Named(value.Text) ?? Word<MaskedContent>(value);

    // Of the picture that is changed, or else of the second pass.
    static GeneratingRequest WithDenoising(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all)
    {
        if (request.Change is { } change) return request with { Change = change with { Strength = value.Number } };
        if (request.Options.Hires is not { } hires)
            throw Lacking("denoising", "a picture or a second pass", "`init` or `hires`");
        return request with { Options = request.Options with { Hires = hires with { Strength = value.Number } } };
    }
}
