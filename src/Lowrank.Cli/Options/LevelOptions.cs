using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options that change the levels of noise that a model was trained on.</summary>
static class LevelOptions
{
    /// <summary>The options, and what each sets.</summary>
    public static SettingList<GenerateOptions> Settings => new()
    {
        {
            new Option<bool>("--zero-terminal-snr")
            {
                Description = "stretch the levels of noise to end in all but pure noise, as AUTOMATIC1111's \"Zero Terminal SNR\"",
            },
            (options, stretches) => options with { ZeroTerminalSnr = stretches }
        },
        {
            new Option<bool>("--downcast-alphas")
            {
                Description = "compute the levels of noise in float16, as AUTOMATIC1111 did before 1.7 (\"Downcast alphas_cumprod\")",
            },
            (options, downcasts) => options with { DowncastsAlphas = downcasts }
        },
    };
}
