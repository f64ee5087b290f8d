namespace Lowrank.Diffusion;

/// <summary>AUTOMATIC1111's schedules (1.10), in its order: modules/sd_schedulers.py at 82a973c.</summary>
public static class WebUiSchedules
{
    /// <summary>The schedules; the first stands for the one that a sampler prefers.</summary>
    public static IReadOnlyList<WebUiSchedule> All { get; } =
    [
        new("automatic", "Automatic", null),
        new("uniform", "Uniform", "uniform", NeedsTable: true),
        new("karras", "Karras", "karras", Rho: 7),
        new("exponential", "Exponential", "exponential"),
        new("polyexponential", "Polyexponential", "polyexponential", Rho: 1),
        new("sgm_uniform", "SGM Uniform", "sgm_uniform", null, true, "SGMUniform"),
        new("kl_optimal", "KL Optimal", "kl_optimal"),
        new("align_your_steps", "Align Your Steps", "align_your_steps"),
        new("simple", "Simple", "simple", NeedsTable: true),
        new("normal", "Normal", "normal", NeedsTable: true),
        new("ddim", "DDIM", "ddim_uniform", NeedsTable: true),
        new("beta", "Beta", "beta", NeedsTable: true),
    ];
}
