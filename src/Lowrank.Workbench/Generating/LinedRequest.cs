namespace Lowrank.Workbench;

/// <summary>Requests of a file of prompts whose lines have options of their own.</summary>
public static class LinedRequest
{
    /// <summary>The lines of a file, with what is wrong with each.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">What it holds.</param>
    public static IReadOnlyList<KohyaPromptLine> Read(string path, PromptLines lines) =>
        [.. lines.Prompts.Zip(lines.Lines).Select(line => KohyaPromptLine.Read(line.First) with { Place = $"{path}, line {line.Second}" })];

    /// <summary>A request for each line, as <see cref="Over(GeneratingRequest, KohyaPromptLine)"/> has it.</summary>
    /// <exception cref="LowrankException">Options of lines cannot be done; all are told, with the numbers of the lines.</exception>
    public static IReadOnlyList<GeneratingRequest> Over(GeneratingRequest request, IReadOnlyList<KohyaPromptLine> lines)
    {
        var made = new List<GeneratingRequest>();
        var refusals = new List<LowrankException>();
        foreach (var line in lines)
        {
            refusals.AddRange(line.Faults.Select(fault => new LowrankException($"{line.Place}: {fault}.")));
            try { made.Add(Over(request, line)); }
            catch (LowrankException fault) { refusals.Add(fault); }
        }
        return refusals switch
        {
            [] => made,
            [var only] when !lines.Any(line => line.Faults.Count > 0) => throw only,
            _ => throw new LowrankException(
                "Some prompts have options that cannot be done; what stands behind \" --\" in a line is an option:",
                [.. refusals.Select(fault => fault.Message)]),
        };
    }

    /// <summary>A request with what a line asks for; what the line leaves open is the request's.</summary>
    /// <exception cref="LowrankException">
    /// There is no such sampler, more strengths than adapters, or a file's name that leads out of the folder; the line is told.
    /// </exception>
    public static GeneratingRequest Over(GeneratingRequest request, KohyaPromptLine line) =>
        Located(line.Place, () => Changed(request, line) with { Origin = line.Place });

    /// <summary>What <paramref name="work"/> answers; its faults tell where what it works on stands.</summary>
    /// <param name="place">Where, as "prompts.txt, line 3"; null tells nothing.</param>
    /// <param name="work">The work.</param>
    public static T Located<T>(string? place, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (LowrankException fault) when (place is not null)
        {
            throw RequestException.Retold(fault, $"{place}: {fault.Message}");
        }
    }

    static GeneratingRequest Changed(GeneratingRequest request, KohyaPromptLine line)
    {
        if (line.Strength is not null)
            throw new LowrankException(
                $"\"{line.Prompt}\" has a strength (\"--t\"), which is for pictures that are begun with one. Leave it out.");
        var options = request.Options;
        return request with
        {
            Prompts = [line.Prompt],
            Seeds = line.Seeds.Count > 0 ? line.Seeds : request.Seeds,
            IsBatch = request.IsBatch && line.Seeds.Count == 0,
            Output = line.FileName is { } file ? InsideFolder.PathOf(request.IntoFile ? "" : request.Output, file) : request.Output,
            Adapters = line.AdapterStrengths.Count > 0 ? WithStrengths(request.Adapters, line) : request.Adapters,
            Options = Sampled(line.Sampler, options with
            {
                NegativePrompt = line.NegativePrompt ?? options.NegativePrompt,
                Width = line.Width ?? options.Width,
                Height = line.Height ?? options.Height,
                Steps = line.Steps ?? options.Steps,
                GuidanceScale = line.GuidanceScale ?? options.GuidanceScale,
            }),
        };
    }

    static GenerateOptions Sampled(string? name, GenerateOptions options) =>
        name is null ? options : options.Sampled(SamplerLabel.Read(name));

    static IReadOnlyList<AdapterChoice> WithStrengths(IReadOnlyList<AdapterChoice> adapters, KohyaPromptLine line)
    {
        var strengths = line.AdapterStrengths;
        if (strengths.Count > adapters.Count)
            throw new LowrankException(
                $"\"{line.Prompt}\" has {strengths.Count} strengths (\"--am\") for {adapters.Count} adapters. " +
                "Give as many with `adapter`.");
        return [.. adapters.Select((adapter, i) => adapter.WithStrength(strengths[Math.Min(i, strengths.Count - 1)]))];
    }
}
