namespace Lowrank.Workbench;

/// <summary>What of a request AUTOMATIC1111's way takes, and does not heed.</summary>
static class WebUiIdle
{
    /// <summary>Tells of it.</summary>
    public static void Tell(GeneratingRequest request, IEnumerable<ReadPrompt> prompts, Account account)
    {
        // Its texts of pictures are written as it writes them.
        foreach (var prompt in prompts.Where(prompt => !IsKept(prompt)).DistinctBy(prompt => prompt.Tagged))
            account.Leaves("prompts_text", $"the picture's text does not keep the prompt \"{prompt.Tagged}\" as it is: " +
                "AUTOMATIC1111 takes a line of it for the negative prompt's, so that `from` brings back another");
        var options = request.Options;
        var sampler = options.Sampler is { } name ? WebUiTranslation.SamplerOf(name)! : WebUiSamplers.All[0];
        if (options.Sampler is null) account.Takes("sampler", $"no sampler is named: {sampler.Label}, AUTOMATIC1111's first, is taken");
        // What its counterpart here does not heed either is told of that.
        var heeded = Samplers.Named(sampler.Name).Heeds & ~sampler.Heeds & WebUiRefusals.Settable;
        foreach (var option in SamplerOptionNames.All.Where(option => heeded.HasFlag(option.Setting)))
            if (option.Get(options.SamplerOptions) is not null)
                account.Leaves("idle_sampler_option",
                    $"the sampler option {option.Name} is not used: AUTOMATIC1111 gives {sampler.Label} none");
        if (sampler.IsOverTimesteps && WebUiTranslation.ScheduleNamed(options) is { } schedule)
            account.Leaves("idle_schedule",
                $"the schedule {schedule} is not used: in AUTOMATIC1111, {sampler.Label} walks down timesteps of its own");
        if (options.Variation.SeedDelta != 0 && !sampler.UsesEnsdWith(options.SamplerOptions.Eta))
            account.Leaves("idle_ensd",
                $"`ensd` is not used: AUTOMATIC1111 heeds it where noise is drawn on the way, and {sampler.Label} draws none that way");
        string[] lost = [.. request.Adapters.Where(adapter => !adapter.IsIdle).Select(adapter => adapter.Path)];
        if (options.Hires is { Prompt.Length: > 0 } && lost.Length > 0)
            account.Leaves("idle_hires_adapters",
                $"{string.Join(", ", lost)} do not work in the second pass: `hires prompt` is another prompt, and AUTOMATIC1111 takes " +
                "adapters from the prompt of each pass. Name them there too (<lora:...>, with `adapters dir`)");
        if (options.MaxTokens != GenerateOptions.UsualMaxTokens)
            account.Leaves("idle_max_tokens", "`max tokens` is not used: AUTOMATIC1111 reads prompts of any length");
    }

    static bool IsKept(ReadPrompt prompt)
    {
        string[] texts = [prompt.Tagged, prompt.Negative ?? ""];
        return !texts.Any(text => text.Split('\n').Any(InfoText.BeginsNegative));
    }
}
