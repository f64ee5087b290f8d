namespace Lowrank.Workbench;

/// <summary>What the pictures of a grid may differ in.</summary>
public static class GeneratingAxes
{
    // How slow a value is to change, beside drawing a picture.
    const double CostOfModel = 1, CostOfAdapter = 0.5;

    static readonly NamedList<GridAxis<GeneratingRequest>> list = new("axis", axis => [axis.Label, .. axis.OtherNames],
    [
        new("Seed", GridValueKind.Whole, (request, value, _) => request with { Seeds = [value.Whole] })
        {
            HoldsSeeds = true, Check = CheckSeeds,
        },
        Chosen(GivenSampling.Steps, Option("Steps", GridValueKind.Whole, (options, value) => options with { Steps = (int)value.Whole })),
        Chosen(GivenSampling.Guidance, Option("Guidance", GridValueKind.Number, WithGuidance, "CFG Scale", "cfg")),
        Option("Guidance rescale", GridValueKind.Number, (options, value) => options with { GuidanceRescale = value.Number }),
        Chosen(GivenSampling.Sampler, Option("Sampler", GridValueKind.Text, WithSampler)) with { LabelOf = value => value.Text },
        Chosen(GivenSampling.Schedule, Option("Schedule", GridValueKind.Text, WithSchedule, "Schedule type", "scheduler")),
        .. SamplerOptionNames.All.Select(OfSampler),
        Option("Clip skip", GridValueKind.Whole, (options, value) => options with { ClipSkip = (int)value.Whole }),
        Option("Width", GridValueKind.Whole, (options, value) => options with { Width = (int)value.Whole }),
        Option("Height", GridValueKind.Whole, (options, value) => options with { Height = (int)value.Whole }),
        Option("Size", GridValueKind.Text, WithSize),
        new("Prompt", GridValueKind.Text, (request, value, _) => request with { Prompts = [value.Text] }) { LabelOf = value => value.Text },
        Option("Negative prompt", GridValueKind.Text, (options, value) => options with { NegativePrompt = value.Text }, "negative"),
        new("Prompt S/R", GridValueKind.Text, Replaced) { LabelOf = value => value.Text, OtherNames = ["Prompt replace", "replace"] },
        new("Prompt order", GridValueKind.Order, Reordered) { LabelOf = value => value.Text, OtherNames = ["order of words"] },
        new("Adapter", GridValueKind.Text, WithAdapter) { LabelOf = AdapterLabel, Cost = CostOfAdapter, OtherNames = ["lora"] },
        new("Strength", GridValueKind.Number, WithStrength) { Turn = 1, Cost = CostOfAdapter, OtherNames = ["Adapter strength"] },
        new("Denoising", GridValueKind.Number, WithDenoising) { OtherNames = ["Denoising strength"] },
        new("Model", GridValueKind.Text, (request, value, _) => request with { Model = value.Text })
        {
            LabelOf = value => PlaceName.Of(value.Text), Cost = CostOfModel, OtherNames = ["Checkpoint name", "checkpoint"],
        },
    ]);

    /// <summary>Each with its names, its values and what it sets.</summary>
    public static IReadOnlyList<GridAxis<GeneratingRequest>> All => list.All;

    /// <summary>All of them in a sentence, for help.</summary>
    public static string Prose => $"Names: {string.Join(", ", All.Select(axis => axis.Label.ToLowerInvariant()))}";

    /// <summary>Adds an axis, where a program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or one of its names is taken.</exception>
    public static void Add(GridAxis<GeneratingRequest> axis) => list.Add(axis);

    /// <summary>The axis of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static GridAxis<GeneratingRequest> Named(string name) => list.Named(name);

    static GridAxis<GeneratingRequest> Option(
        string label, GridValueKind kind, Func<GenerateOptions, GridValue, GenerateOptions> set, params IReadOnlyList<string> otherNames) =>
        new(label, kind, (request, value, _) => request with { Options = set(request.Options, value) }) { OtherNames = otherNames };

    // What an axis sets is not taken from an adapter's own settings.
    static GridAxis<GeneratingRequest> Chosen(GivenSampling given, GridAxis<GeneratingRequest> axis) => axis with
    {
        Set = (request, value, all) => axis.Set(request with { Given = request.Given | given }, value, all),
    };

    static GenerateOptions WithGuidance(GenerateOptions options, GridValue value) => options with { GuidanceScale = value.Number };

    static void CheckSeeds(GeneratingRequest request, IReadOnlyList<GridValue> values)
    {
        if (values.FirstOrDefault(value => value.Whole < -1) is { } wrong)
            throw new LowrankException($"{wrong.Text} is no seed; they begin at 0, and -1 draws one.");
    }

    // A schedule in the sampler's name comes with it.
    static GenerateOptions WithSampler(GenerateOptions options, GridValue value)
    {
        var label = SamplerLabel.Read(value.Text);
        return options with { Sampler = label.Sampler, Schedule = label.Schedule ?? options.Schedule };
    }

    static GenerateOptions WithSchedule(GenerateOptions options, GridValue value) =>
        options with { Schedule = Schedules.Named(value.Text).Name };

    static GridAxis<GeneratingRequest> OfSampler(SamplerOptionName option) => Option(
        option.Field,
        GridValueKind.Number,
        (options, value) => options with { SamplerOptions = option.Set(options.SamplerOptions, value.Number) },
        [option.Name, .. option.Others]);

    static GenerateOptions WithSize(GenerateOptions options, GridValue value)
    {
        int?[] sides = [.. value.Text.Split('x').Select(PlainValue.ReadWhole)];
        if (sides is [{ } width, { } height]) return options with { Width = width, Height = height };
        throw new LowrankException($"{PlainValue.Misread("a size", value.Text, "size")}. Write it as 512x768.");
    }

    static GeneratingRequest Replaced(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all)
    {
        string negative = request.Options.NegativePrompt ?? "";
        var (prompt, changed) = PromptSearch.Replace(request.Prompts[0], negative, all[0].Text, value.Text);
        var options = changed == negative ? request.Options : request.Options with { NegativePrompt = changed };
        return request with { Prompts = [prompt], Options = options };
    }

    static GeneratingRequest Reordered(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all) =>
        request with { Prompts = [PromptSearch.Reorder(request.Prompts[0], value.Words)] };

    // Beside those that all pictures have.
    static GeneratingRequest WithAdapter(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all) =>
        request with { Adapters = [.. request.Adapters, AdapterOf(value)] };

    static AdapterChoice AdapterOf(GridValue value)
    {
        if (value.Text is "" or "none" or "None") return new NoAdapter();
        var (choice, fault) = DrawnAdapterArgument.Parse(value.Text);
        return choice ?? throw new LowrankException(fault!);
    }

    static string AdapterLabel(GridValue value)
    {
        var adapter = AdapterOf(value);
        if (adapter is NoAdapter) return "no adapter";
        string name = PlaceName.Of(adapter.Path);
        return adapter.Strength == 1 ? name : $"{name}: {Quantity.Number(adapter.Strength)}";
    }

    // Of the last adapter: the one that an axis sets, or else the last that all pictures have.
    static GeneratingRequest WithStrength(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all)
    {
        if (request.Adapters.Count == 0)
            throw new LowrankException("A grid over \"strength\" needs an adapter: give one with --adapter, or on another axis.");
        var last = request.Adapters[^1];
        if (last is NoAdapter) return request;
        return request with { Adapters = [.. request.Adapters.SkipLast(1), last.WithStrength(value.Number)] };
    }

    // Of the picture that is changed, or else of the second pass.
    static GeneratingRequest WithDenoising(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all)
    {
        if (request.Change is { } change) return request with { Change = change with { Strength = value.Number } };
        if (request.Options.Hires is not { } hires)
            throw new LowrankException("A grid over \"denoising\" needs a picture or a second pass: give --init or --hires.");
        return request with { Options = request.Options with { Hires = hires with { Strength = value.Number } } };
    }
}
