using System.Globalization;
using System.Text.RegularExpressions;
using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The kinds of few-step bases and adapters that are recognised.</summary>
/// <remarks>
/// Settings from the authors' pages: stabilityai/sd-turbo and sdxl-turbo, latent-consistency/lcm-lora-sdxl, ByteDance/SDXL-Lightning,
/// ByteDance/Hyper-SD, h1t/TCD-SDXL-LoRA. Where they ask for trailing timesteps, sgm_uniform has the same but for roundings.
/// Names have to be the published ones: "lightning" alone may be the weather, and "hyper" the beginning of "hyperrealistic".
/// </remarks>
public static partial class DistilledKinds
{
    /// <summary>Each, the more special before the more general.</summary>
    public static IReadOnlyList<DistilledKind> All { get; } =
    [
        new("SD-Turbo or SDXL-Turbo", Turbo(), "euler_a", "sgm_uniform", (1, 1, 4), 1),
        new("SDXL-Lightning in one step", LightningInOne(), "euler", "sgm_uniform", (1, 1, 1), 1) { Prediction = PredictionType.Sample },
        new("SDXL-Lightning", Lightning(), "euler", "sgm_uniform", (2, 4, 8), 1),
        new("Hyper-SD with guidance", HyperGuided(), "ddim", "sgm_uniform", (8, 8, 16), 5),
        new("Hyper-SD in one step", HyperInOne(), "tcd", "lcm_uniform", (1, 1, 8), 1) { Eta = 1 },
        new("Hyper-SD", Hyper(), "ddim", "sgm_uniform", (2, 4, 8), 1),
        new("TCD", Trajectory(), "tcd", "lcm_uniform", (2, 4, 20), 1),
        new("LCM", Consistency(), "lcm", "lcm_uniform", (2, 4, 8), 1.5),
    ];

    /// <summary>
    /// The settings of the first base or adapter that is one of them, adapters before the base, the last adapter first; null where none is.
    /// </summary>
    public static DistilledSettings? Recognized(DistilledHint? baseModel, IEnumerable<DistilledHint> adapters)
    {
        DistilledHint?[] hints = [.. adapters.Reverse(), baseModel];
        foreach (var hint in hints.OfType<DistilledHint>())
            foreach (var kind in All)
                if (hint.Texts.FirstOrDefault(kind.Pattern.IsMatch) is { } text) return new(kind, hint, StepsOf(kind, text));
        return null;
    }

    static int StepsOf(DistilledKind kind, string text)
    {
        var match = StepCount().Match(text);
        if (!match.Success) return kind.Steps.Usual;
        int said = int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        return Math.Clamp(said, kind.Steps.Fewest, kind.Steps.Most);
    }

    const RegexOptions Lenient = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"(?<![a-z])(sd|stable[-_ ]diffusion)[-_ ]?(xl)?[-_ ]?turbo(?![a-z])", Lenient)]
    private static partial Regex Turbo();

    [GeneratedRegex(@"(?<![a-z])(sd)?xl[-_ ]?lightning[-_ ]?1[-_ ]?step", Lenient)]
    private static partial Regex LightningInOne();

    [GeneratedRegex(@"(?<![a-z])((sd)?xl[-_ ]?lightning|lightning[-_ ]?\d+[-_ ]?steps?)(?![a-z])", Lenient)]
    private static partial Regex Lightning();

    [GeneratedRegex(@"(?<![a-z])hyper[-_ ]?sd.*[-_ ]cfg(?![a-z])", Lenient)]
    private static partial Regex HyperGuided();

    [GeneratedRegex(@"(?<![a-z])hyper[-_ ]?sd.*(?<!\d)1[-_ ]?step", Lenient)]
    private static partial Regex HyperInOne();

    [GeneratedRegex(@"(?<![a-z])hyper[-_ ]?sd(xl)?(?![a-z])", Lenient)]
    private static partial Regex Hyper();

    [GeneratedRegex(@"(?<![a-z])tcd(?![a-z])", Lenient)]
    private static partial Regex Trajectory();

    [GeneratedRegex(@"(?<![a-z])(lcm|latent[-_ ]consistency)(?![a-z])", Lenient)]
    private static partial Regex Consistency();

    [GeneratedRegex(@"(?<!\d)(\d{1,2})[-_ ]?steps?(?![a-z])", Lenient)]
    private static partial Regex StepCount();
}
