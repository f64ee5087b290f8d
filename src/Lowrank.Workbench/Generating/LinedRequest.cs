namespace Lowrank.Workbench;

/// <summary>Requests of a file of prompts whose lines have options of their own.</summary>
public static class LinedRequest
{
    /// <summary>The lines of a file.</summary>
    /// <exception cref="LowrankException">An option of a line cannot be done; all are told, with the numbers of the prompts.</exception>
    public static IReadOnlyList<KohyaPromptLine> Read(IReadOnlyList<string> lines)
    {
        var read = lines.Select(KohyaPromptLine.Read).ToList();
        var faults = read.Index().SelectMany(line => line.Item.Faults.Select(fault => $"prompt {line.Index + 1}: {fault}")).ToList();
        return faults.Count == 0 ? read : throw new LowrankException(
            $"The options of some prompts cannot be done: {string.Join("; ", faults)}. What stands behind \" --\" in a line is an option.");
    }

    /// <summary>A request with what a line asks for; what the line leaves open is the request's.</summary>
    /// <exception cref="LowrankException">
    /// There is no such sampler, more strengths than adapters, or a file's name that leads out of the folder.
    /// </exception>
    public static GeneratingRequest Over(GeneratingRequest request, KohyaPromptLine line)
    {
        if (line.Strength is not null)
            throw new LowrankException(
                $"\"{line.Prompt}\" has a strength (--t), which is for pictures that are begun with one. Leave it out.");
        var options = request.Options;
        return request with
        {
            Prompts = [line.Prompt],
            Seeds = line.Seeds.Count > 0 ? line.Seeds : request.Seeds,
            IsBatch = request.IsBatch && line.Seeds.Count == 0,
            Output = line.FileName is { } file ? InsideFolder.PathOf(request.IntoFile ? "" : request.Output, file) : request.Output,
            Adapters = line.AdapterStrengths.Count > 0 ? WithStrengths(request.Adapters, line) : request.Adapters,
            Options = WithSampler(line.Sampler, options with
            {
                NegativePrompt = line.NegativePrompt ?? options.NegativePrompt,
                Width = line.Width ?? options.Width,
                Height = line.Height ?? options.Height,
                Steps = line.Steps ?? options.Steps,
                GuidanceScale = line.GuidanceScale ?? options.GuidanceScale,
            }),
        };
    }

    static GenerateOptions WithSampler(string? name, GenerateOptions options)
    {
        if (name is null) return options;
        var label = SamplerLabel.Read(name);
        return options with { Sampler = label.Sampler, Schedule = label.Schedule };
    }

    static IReadOnlyList<AdapterChoice> WithStrengths(IReadOnlyList<AdapterChoice> adapters, KohyaPromptLine line)
    {
        var strengths = line.AdapterStrengths;
        if (strengths.Count > adapters.Count)
            throw new LowrankException(
                $"\"{line.Prompt}\" has {strengths.Count} strengths (--am) for {adapters.Count} adapters. Give as many with --adapter.");
        return [.. adapters.Select((adapter, i) => adapter.WithStrength(strengths[Math.Min(i, strengths.Count - 1)]))];
    }
}
