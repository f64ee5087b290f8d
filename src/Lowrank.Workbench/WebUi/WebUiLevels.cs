namespace Lowrank.Workbench;

/// <summary>A model's levels of noise, as a web UI's settings change them.</summary>
/// <remarks>Source: AUTOMATIC1111, modules/sd_models.py, apply_alpha_schedule_override, at 82a973c.</remarks>
static class WebUiLevels
{
    /// <summary>The levels.</summary>
    public static NoiseSchedule Of(StableDiffusion model, WebUiOptions options, InfoFields facts)
    {
        var levels = NoiseSchedule.Stored(model.Scheduler);
        if (options.Downcasts)
        {
            facts.Add("Downcast alphas_cumprod", true);
            levels = levels.Downcast();
        }
        if (options.NoiseSchedule == "Zero Terminal SNR")
        {
            facts.Add("Noise Schedule", options.NoiseSchedule);
            levels = levels.ZeroTerminal();
        }
        return levels;
    }
}
