using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options that guide a network otherwise than by its scale.</summary>
static class GuidanceOptions
{
    /// <summary>The options, and what each sets.</summary>
    public static SettingList<GenerateOptions> Settings => new()
    {
        {
            new Option<double>("--guidance-rescale")
            {
                HelpName = "SHARE",
                Description = "bring guided answers back to the prompt's own contrast, 0 to 1; models of zero terminal SNR want 0.7",
            },
            (options, share) => options with { GuidanceRescale = share }
        },
        {
            new Option<double>("--pag")
            {
                HelpName = "SCALE",
                Description = "guide away from a network whose coarsest attention is perturbed (PAG); 3 is usual, 0 is none",
            },
            (options, scale) => options with { PerturbedScale = scale }
        },
        {
            new Option<string>("--freeu")
            {
                HelpName = "B1,B2,S1,S2",
                Description = "strengthen the network's backbone and weaken its skip connections (FreeU, second version): 1.3,1.4,0.9,0.2",
            },
            (options, text) => options with { FreeU = text is null ? null : FreeUOf(text) }
        },
    };

    static FreeU FreeUOf(string text) => FreeU.Read(text) ?? throw new UsageException(
        $"'{text}' is no four factors of 0 and above. Write two for the backbone and two for skip connections, " +
        "as in --freeu 1.3,1.4,0.9,0.2.");
}
