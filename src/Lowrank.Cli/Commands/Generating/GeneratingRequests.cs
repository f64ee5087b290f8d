using Lowrank.Diffusion;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Makes the requests for pictures that a call asks for.</summary>
/// <param name="options">The options that it may have.</param>
/// <param name="ofGraphs">What of the options of graphs goes with a graph alone.</param>
sealed class GeneratingRequests(GeneratingOptions options, IEnumerable<OptionNeed> ofGraphs)
{
    /// <summary>One, or one for each line of a file whose lines have options of their own.</summary>
    /// <param name="result">What was typed.</param>
    /// <exception cref="UsageException">Options that do not go together.</exception>
    /// <exception cref="LowrankException">A file is missing or cannot be read, or a value names nothing.</exception>
    public IReadOnlyList<GeneratingRequest> Of(ParseResult result)
    {
        var known = new Account();
        string[] typed = options.Subject.Typed(result);
        var lines = options.Subject.LinesOf(result, known);
        bool isEachItsOwn = lines.Any(line => line.HasOptions);
        var request = RequestOf(result, isEachItsOwn ? typed : [.. typed, .. lines.Select(line => line.Prompt)], known);
        var all = isEachItsOwn ? Lined(request, lines, typed.Length > 0, result, known) : [request];
        bool areOnAxis = options.Grids.IsOver(result, "Styles");
        var styled = all.Select(one => options.Subject.Styles.Apply(one, result, areOnAxis, known)).ToList();
        if (styled.TrueForAll(one => one.Overwrite && !one.IntoFile))
            known.Leaves("idle_overwrite", "--overwrite is not used: pictures in a folder get names of their own, and none is replaced");
        return [styled[0] with { Known = known.Lines }, .. styled.Skip(1)];
    }

    List<GeneratingRequest> Lined(
        GeneratingRequest request, IReadOnlyList<KohyaPromptLine> lines, bool drawsTyped, ParseResult result, Account known)
    {
        if (options.Grids.IsLaidOut(result))
            throw new UsageException(
                "Prompts with options of their own are drawn one by one. Leave --grid, --axis and --matrix out, or the options.");
        options.Prompts.RefuseCombinations(result);
        var all = LinedRequest.Over(request, lines).ToList();
        if (drawsTyped) all.Insert(0, request);
        else
            foreach (string replaced in ReplacedOptions.ByLines(lines, result)) known.Leaves("idle_by_lines", replaced);
        if (request.IntoFile && all.Count(one => one.Output == request.Output) > 1)
            throw new UsageException($"{all.Count} pictures do not fit into {request.Output}. Give a folder.");
        RefuseSameFile(all);
        return all;
    }

    static void RefuseSameFile(List<GeneratingRequest> all)
    {
        var files = all.Where(one => one.IntoFile).CountBy(one => Path.GetFullPath(one.Output));
        if (files.FirstOrDefault(file => file.Value > 1) is { Key: not null } same)
            throw new UsageException($"{same.Value} lines are drawn into {same.Key}. Give each a file of its own (--f).");
    }

    GeneratingRequest RequestOf(ParseResult result, IReadOnlyList<string> texts, Account known)
    {
        var request = Typed(result, options.Prompts.Of(result, texts, known), known);
        request = options.Subject.From(result) is { } picture
            ? Repeated(picture, request, result, known)
            : request with
            {
                Options = request.Options with { Hires = options.Hires.Of(result) }, Refiner = options.Refiner.Of(result),
            };
        TellIdle(request, result, known);
        return request;
    }

    // All that was typed but for a second pass and a refiner, which a picture's text may ask for too.
    GeneratingRequest Typed(ParseResult result, IReadOnlyList<string> prompts, Account known)
    {
        string where = options.Place.Of(result);
        var request = new GeneratingRequest(options.Model.Of(result), prompts, SeedsOf(result), where)
        {
            ModelOptions = options.Model.OptionsOf(result),
            Options = options.Drawing.Applied(new(), result),
            IsBatch = options.Place.Seeds.Counts(result),
            Given = options.Sampling.GivenOf(result),
            Change = options.Change.Of(result),
            Reading = options.Prompts.ReadingOf(result, options.Model.AdaptersFolder(result)),
            Encoding = options.Place.Files.EncodingOf(result, where, known),
            Names = options.Place.Files.NamesOf(result, known),
            EmbedsGraph = options.Place.Files.EmbedsGraph(result),
        };
        return options.Requesting.Applied(request, result);
    }

    IReadOnlyList<long> SeedsOf(ParseResult result)
    {
        var seeds = options.Place.Seeds;
        return options.Grids.DrawsSeeds(result) && !seeds.IsGiven(result) ? [GridRequest.Chance] : seeds.Of(result);
    }

    // What is typed comes before what the picture's text says.
    GeneratingRequest Repeated(string picture, GeneratingRequest typed, ParseResult result, Account known)
    {
        if (options.Refiner.IsAsked(result)) typed = typed with { Refiner = options.Refiner.Of(result) };
        var repeated = RepeatedGrid.EachOfFile(
            picture, typed, RepeatedRequest.AdaptersOf(typed), isAlone: options.Grids.IsAsked(result));
        foreach (string sentence in repeated.NotHonoured) known.Leaves("from", $"{picture}: {sentence}");
        var request = repeated.Request;
        if (RepeatedGrid.OfFile(picture) is { } grid)
        {
            request = options.Grids.Looking(request, grid, result);
            if (options.Grids.IsAsked(result))
                known.Leaves("from", $"{picture}: its grid is not drawn: the one that is typed comes before it");
        }
        bool givesSeeds = options.Place.Seeds.IsGiven(result) || options.Grids.DrawsSeeds(result);
        return RepeatedRequest.Under(request, typed, givesSeeds, told => Set(told, result));
    }

    // All that is typed but for prompts, seeds and adapters.
    GeneratingRequest Set(GeneratingRequest told, ParseResult result)
    {
        var drawn = options.Drawing.Typed(told.Options, result);
        return told with
        {
            Options = drawn with { Hires = options.Hires.Of(result, drawn.Hires) },
            Change = options.Change.Of(result, told.Change),
            Refiner = options.Refiner.Of(result, told.Refiner),
        };
    }

    void TellIdle(GeneratingRequest request, ParseResult result, Account known)
    {
        options.Sampling.TellDropped(result, known);
        foreach (string replaced in ReplacedOptions.ByAxes(options.Grids.AxesOf(result), result)) known.Leaves("idle_by_axis", replaced);
        if (request.Grid && options.Grids.IsAsked(result))
            known.Leaves("idle_grid", "--grid is not used: --axis or --matrix draws another");
        foreach (string alone in options.Needs.Concat(ofGraphs).Select(need => need.Idle(result)).OfType<string>())
            known.Leaves("idle_option", alone);
        if (options.Noise.Idle(result) is { } idle) known.Leaves("idle_variation", idle);
        bool drawsSeeds = !options.Place.Seeds.IsGiven(result) && options.Subject.From(result) is null;
        if (request.Resume && drawsSeeds)
            known.Leaves("idle_resume", "--resume finds nothing: without --seed, seeds are drawn by chance in each call. " +
                $"Give the first of them: --seed 7 --count {request.Seeds.Count} draws with the same in every call");
        foreach (string sentence in options.Prompts.Idle(result, request.Options)) known.Leaves("idle_prompt_option", sentence);
    }
}
