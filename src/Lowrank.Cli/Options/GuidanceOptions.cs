using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options that guide a network otherwise than by its scale.</summary>
sealed class GuidanceOptions
{
    readonly Option<double> rescale = new("--guidance-rescale")
    {
        HelpName = "SHARE",
        Description = "bring guided answers back to the prompt's own contrast, 0 to 1; models of zero terminal SNR want 0.7",
    };

    readonly Option<double> perturbed = new("--pag")
    {
        HelpName = "SCALE",
        Description = "guide away from a network whose coarsest attention is perturbed (PAG); 3 is usual, 0 is none",
    };

    readonly Option<string> freeU = new("--freeu")
    {
        HelpName = "B1,B2,S1,S2",
        Description = "strengthen the network's backbone and weaken its skip connections (FreeU, second version): 1.3,1.4,0.9,0.2",
    };

    /// <summary>The options.</summary>
    public Option[] All => [rescale, perturbed, freeU];

    /// <summary>What each sets.</summary>
    public IReadOnlyList<(Option Option, Func<GenerateOptions, ParseResult, GenerateOptions> With)> Settings =>
    [
        (rescale, (options, result) => options with { GuidanceRescale = result.GetValue(rescale) }),
        (perturbed, (options, result) => options with { PerturbedScale = result.GetValue(perturbed) }),
        (freeU, (options, result) => options with { FreeU = FreeUOf(result) }),
    ];

    FreeU? FreeUOf(ParseResult result)
    {
        if (result.GetValue(freeU) is not { } text) return null;
        return FreeU.Read(text) ?? throw new UsageException(
            $"'{text}' is no four factors. Write two for the backbone and two for skip connections, as in --freeu 1.3,1.4,0.9,0.2.");
    }
}
