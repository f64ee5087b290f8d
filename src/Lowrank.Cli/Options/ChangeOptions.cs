using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options of a picture that is changed, whole or in part.</summary>
sealed class ChangeOptions
{
    static readonly Dictionary<string, PictureFit> fits = new()
    {
        ["stretch"] = PictureFit.Stretch, ["crop"] = PictureFit.Crop, ["fill"] = PictureFit.Fill,
    };

    static readonly Dictionary<string, MaskedContent> contents = new()
    {
        ["original"] = MaskedContent.Original,
        ["surroundings"] = MaskedContent.Surroundings,
        ["noise"] = MaskedContent.Noise,
        ["nothing"] = MaskedContent.Nothing,
    };

    readonly Option<string> init = new("--init", "-i")
    {
        HelpName = "PICTURE",
        Description = "a picture that is changed (image-to-image); its size is drawn unless --width and --height say another",
    };

    readonly Option<double> strength = new("--strength")
    {
        HelpName = "SHARE",
        Description = "how much of it is made anew, above 0 to 1",
        DefaultValueFactory = _ => 0.75,
    };

    readonly Option<string> fit = new("--fit")
    {
        HelpName = "WAY",
        Description = $"how it comes to another form: {string.Join(", ", fits.Keys)}",
        DefaultValueFactory = _ => "stretch",
    };

    readonly Option<string> mask = new("--mask")
    {
        HelpName = "PICTURE",
        Description = "white, or opaque, where it is changed (inpainting); the rest stays byte for byte",
    };

    readonly Option<string> outpaint = new("--outpaint")
    {
        HelpName = "LEFT,TOP,RIGHT,BOTTOM",
        Description = "pixels by which the picture grows, drawn as if masked; they begin with the edges' colours, or as --fill says, " +
            "and --mask-blur softens their seam",
    };

    readonly Option<int> maskBlur = new("--mask-blur")
    {
        HelpName = "PIXELS",
        Description = "how softly the mask ends",
        DefaultValueFactory = _ => 4,
    };

    readonly Option<bool> invertMask = new("--invert-mask") { Description = "change what the mask leaves out" };

    readonly Option<string> fill = new("--fill")
    {
        HelpName = "WHAT",
        Description = $"what lies under the mask to begin with: {string.Join(", ", contents.Keys)}; surroundings are their colours",
        DefaultValueFactory = _ => "original",
    };

    readonly Option<bool> onlyMasked = new("--only-masked")
    {
        Description = "draw the masked part alone, at the whole size, and paste it back",
    };

    readonly Option<int> padding = new("--padding")
    {
        HelpName = "PIXELS",
        Description = "pixels around the masked part that are drawn with it",
        DefaultValueFactory = _ => 32,
    };

    readonly IReadOnlyList<(Option Option, Func<PictureChange, ParseResult, PictureChange> With)> settings;

    public ChangeOptions()
    {
        settings = Settings();
        fit.AcceptOnlyFromAmong([.. fits.Keys]);
        fill.AcceptOnlyFromAmong([.. contents.Keys]);
    }

    /// <summary>All of them.</summary>
    public Option[] All => [init, strength, fit, mask, outpaint, maskBlur, invertMask, fill, onlyMasked, padding];

    /// <summary>What a call asks for; null where it gives no picture.</summary>
    /// <exception cref="LowrankException">It says how a picture is changed, and gives none.</exception>
    public PictureChange? Of(ParseResult result)
    {
        if (result.GetValue(init) is not { } picture)
        {
            var alone = All.Skip(1).FirstOrDefault(option => result.GetResult(option) is { Implicit: false });
            return alone is null ? null : throw new LowrankException($"{alone.Name} says how a picture is changed: give one with --init.");
        }
        return settings.Aggregate(new PictureChange(picture), (change, setting) => setting.With(change, result));
    }

    /// <summary>A change with what is typed of it; the rest stays.</summary>
    public PictureChange Typed(ParseResult result, PictureChange change) =>
        settings.Where(setting => result.GetResult(setting.Option) is { Implicit: false })
            .Aggregate(change, (changed, setting) => setting.With(changed, result));

    IReadOnlyList<(Option Option, Func<PictureChange, ParseResult, PictureChange> With)> Settings() =>
    [
        (strength, (change, result) => change with { Strength = result.GetValue(strength) }),
        (fit, (change, result) => change with { Fit = fits[result.GetRequiredValue(fit)] }),
        (mask, (change, result) => change with { Mask = result.GetValue(mask) }),
        (outpaint, (change, result) => change with { Outpaint = MarginsOf(result) }),
        (maskBlur, (change, result) => change with { MaskBlur = result.GetValue(maskBlur) }),
        (invertMask, (change, result) => change with { Inverts = result.GetValue(invertMask) }),
        (fill, (change, result) => change with { Content = contents[result.GetRequiredValue(fill)] }),
        (onlyMasked, (change, result) => change with { OnlyMasked = result.GetValue(onlyMasked) }),
        (padding, (change, result) => change with { Padding = result.GetValue(padding) }),
    ];

    Outpainting? MarginsOf(ParseResult result)
    {
        if (result.GetValue(outpaint) is not { } text) return null;
        return Outpainting.Read(text) ?? throw new UsageException(
            $"'{text}' is no four margins. Write pixels for left, top, right and bottom, as in --outpaint 64,0,64,0.");
    }
}
