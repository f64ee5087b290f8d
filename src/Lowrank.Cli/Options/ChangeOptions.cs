using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options of a picture that is changed, whole or in part.</summary>
sealed class ChangeOptions
{
    static readonly Dictionary<string, PictureFit> fits = new()
    {
        ["stretch"] = PictureFit.Stretch, ["crop"] = PictureFit.Crop, ["fill"] = PictureFit.Fill,
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
        Description = "what lies under the mask to begin with: original, or surroundings (their colours)",
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

    public ChangeOptions()
    {
        fit.AcceptOnlyFromAmong([.. fits.Keys]);
        fill.AcceptOnlyFromAmong("original", "surroundings");
    }

    /// <summary>All of them.</summary>
    public Option[] All => [init, strength, fit, mask, maskBlur, invertMask, fill, onlyMasked, padding];

    /// <summary>What a call asks for; null where it gives no picture.</summary>
    /// <exception cref="LowrankException">It says how a picture is changed, and gives none.</exception>
    public PictureChange? Of(ParseResult result)
    {
        if (result.GetValue(init) is not { } picture)
        {
            var alone = All.Skip(1).FirstOrDefault(option => result.GetResult(option) is { Implicit: false });
            return alone is null ? null : throw new LowrankException($"{alone.Name} says how a picture is changed: give one with --init.");
        }
        return new(picture, result.GetValue(strength))
        {
            Fit = fits[result.GetRequiredValue(fit)],
            Mask = result.GetValue(mask),
            MaskBlur = result.GetValue(maskBlur),
            Inverts = result.GetValue(invertMask),
            FillsMask = result.GetRequiredValue(fill) == "surroundings",
            OnlyMasked = result.GetValue(onlyMasked),
            Padding = result.GetValue(padding),
        };
    }
}
