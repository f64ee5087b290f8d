namespace Lowrank.Workbench;

/// <summary>What of a request AUTOMATIC1111's way takes, and does not heed.</summary>
static class WebUiIdle
{
    /// <summary>Tells of it.</summary>
    public static void Tell(GeneratingRequest request, Account account)
    {
        var options = request.Options;
        var sampler = options.Sampler is { } name ? WebUiTranslation.SamplerOf(name)! : WebUiSamplers.All[0];
        if (options.Sampler is null) account.Takes("sampler", $"no sampler is named: {sampler.Label}, AUTOMATIC1111's first, is taken");
        if (sampler.IsOverTimesteps && WebUiTranslation.ScheduleNamed(options) is { } schedule)
            account.Leaves("idle_schedule",
                $"the schedule {schedule} is not used: in AUTOMATIC1111, {sampler.Label} walks down timesteps of its own");
        bool usesDelta = sampler.UsesEnsd && options.SamplerOptions.Eta != 0;
        if (options.Variation.SeedDelta != 0 && !usesDelta)
            account.Leaves("idle_ensd",
                $"--ensd is not used: AUTOMATIC1111 heeds it where noise is drawn on the way, and {sampler.Label} draws none that way");
        string[] lost = [.. request.Adapters.Where(adapter => !adapter.IsIdle).Select(adapter => adapter.Path)];
        if (options.Hires is { Prompt.Length: > 0 } && lost.Length > 0)
            account.Leaves("idle_hires_adapters",
                $"{string.Join(", ", lost)} do not work in the second pass: --hires-prompt is another prompt, and AUTOMATIC1111 takes " +
                "adapters from the prompt of each pass. Name them there too (<lora:...>, with --adapters-dir)");
        if (options.MaxTokens != GenerateOptions.UsualMaxTokens)
            account.Leaves("idle_max_tokens", "--max-tokens is not used: AUTOMATIC1111 reads prompts of any length");
    }
}
