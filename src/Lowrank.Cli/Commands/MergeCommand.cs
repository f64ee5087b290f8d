using Lowrank.Adapters;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Merges adapters into a base model, adapters into one, or base models with each other.</summary>
sealed class MergeCommand : HelpfulCommand
{
    static readonly Words<MajoritySign> majorities = new(
        ("total", MajoritySign.Total, "by sums"), ("frequency", MajoritySign.Frequency, "by counts"));

    static readonly string[] methods = [.. Combination.All.Select(combination => combination.Name)];

    readonly Option<MergeChoice[]> adapters = new("--adapter", "-a")
    {
        HelpName = "FILE[:STRENGTH]",
        Description = "an adapter with its strength (1 if left out); several are merged in order. " +
            "Behind it :unet=S and :te=S (te1, te2) for parts, :lbw=1,0.5,... for blocks (12, 17, 20 or 26 numbers)",
        CustomParser = EachToken.By(MergeArgument.Parse),
    };

    readonly Option<AdapterChoice[]> with = new("--with", "-w")
    {
        HelpName = "MODEL:WEIGHT",
        Description = "another base model with its weight in a weighted sum; the base keeps what is left to 1",
        CustomParser = EachToken.By(AdapterArgument.Parse),
    };

    readonly Option<string> plus = new("--plus") { HelpName = "MODEL", Description = "add what this base model learned ..." };
    readonly Option<string> minus = new("--minus") { HelpName = "MODEL", Description = "... over this one: base + times·(plus − minus)" };

    readonly Option<double> times = new("--times")
    {
        HelpName = "M",
        Description = "how much of the difference is added",
        DefaultValueFactory = _ => 1,
    };

    readonly BaseModelOptions baseModel = new("what adapters are merged into; with --method, what they are made for");

    readonly Option<string> method = new("--method")
    {
        HelpName = "NAME",
        Description = $"merge adapters into one adapter: {string.Join(", ", methods)} " +
            "(default without --base-model: cat, which is the exact weighted sum; " +
            "linear mixes factors as PEFT does, which is not that sum)",
    };

    readonly Option<int?> rank = new("--rank")
    {
        HelpName = "N",
        Description = "rank of the ways that decompose (default: the largest that is merged)",
    };

    readonly Option<int?> convRank = new("--conv-rank") { HelpName = "N", Description = "the same of convolutions with a kernel" };

    readonly Option<double> density = new("--density")
    {
        HelpName = "SHARE",
        Description = "share of entries that pruning keeps",
        DefaultValueFactory = _ => 0.5,
    };

    readonly Option<string> majority = new("--majority")
    {
        HelpName = "NAME",
        Description = $"how TIES elects signs: {majorities.Prose}",
        DefaultValueFactory = _ => majorities.All[0],
    };

    readonly Option<double?> clamp = new("--clamp")
    {
        HelpName = "QUANTILE",
        Description = "hold decomposed factors within a quantile of their values, as kohya does with 0.99 (default: not at all)",
    };

    readonly Option<bool> fullSvd = new("--full-svd") { Description = "decompose in full rather than by random projections" };

    readonly Option<long> seed = new("--seed", "-s")
    {
        HelpName = "N",
        Description = "seed of random pruning (dare)",
        DefaultValueFactory = _ => 0,
    };

    readonly Option<string> output = new("--output", "-o")
    {
        HelpName = "OUT",
        Description = "the file or folder to be written: laid out as the base model is, or an adapter",
        Required = true,
    };

    readonly DeviceOption device = new();
    readonly OutputOptions writing = new("that of the input", "that of the inputs");
    readonly JsonOption json = new("print what was done as JSON");

    public MergeCommand() : base("merge",
        "Merges adapters into a base model, adapters into one adapter, or base models with each other. " +
        "Models are rewritten tensor by tensor: one of 7 GB needs about 1 GB of memory.")
    {
        method.AcceptNames(methods, Combination.Named);
        majority.AcceptOnlyFromAmong([.. majorities.All]);
        AddGroup("What", [adapters, .. baseModel.All]);
        AddGroup("Adapters into one adapter", method, rank, convRank, density, majority, clamp, fullSvd, seed);
        AddGroup("Base models with each other", with, plus, minus, times);
        AddGroup("Where to", [output, .. writing.All, device, json]);
        SetAction((result, cancel) => Task.FromResult(Run(result, cancel)));
    }

    public override IReadOnlyList<Example> Examples =>
    [
        new("merge --base-model sd15.safetensors --adapter ink.safetensors:0.8 --adapter place.safetensors:0.5:te=0 " +
                "--output merged.safetensors",
            "adapters into a checkpoint"),
        new("merge --base-model models/sd15 -a ink.safetensors:1:lbw=1,0,0,0,0,0,0,0.5,1,1,1,1,1,1,1,1,1 -o models/inked",
            "with weights of blocks, into a folder"),
        new("merge -a ink.safetensors:0.8 -a place.safetensors:0.5 -o both.safetensors", "one adapter of two, exactly"),
        new("merge -a ink.safetensors -a place.safetensors --method dare_ties_svd --density 0.3 --rank 16 --seed 1 -o both.safetensors",
            "one of rank 16"),
        new("merge --base-model a.safetensors --with b.safetensors:0.4 -o mixed.safetensors", "0.6 of one model and 0.4 of another"),
        new("merge --base-model inpaint.safetensors --plus tuned.safetensors --minus sd15.safetensors -o tuned-inpaint.safetensors",
            "what one model learned, added to another"),
    ];

    int Run(ParseResult result, CancellationToken cancel)
    {
        var report = ProgressBars.Show(new MergingJob(), RequestOf(result), cancel);
        json.Show(result, report, WorkbenchView.Write);
        return ExitCode.Success;
    }

    MergingRequest RequestOf(ParseResult result) => new(result.GetRequiredValue(output))
    {
        Base = baseModel.Of(result),
        Adapters = result.GetValue(adapters) ?? [],
        Others = [.. (result.GetValue(with) ?? []).Select(other => new WeightedModel(other.Path, other.Strength))],
        Plus = result.GetValue(plus),
        Minus = result.GetValue(minus),
        Times = result.GetValue(times),
        Method = result.GetValue(method),
        Rank = result.GetValue(rank),
        ConvRank = result.GetValue(convRank),
        Combining = new CombineOptions
        {
            Density = result.GetValue(density),
            Majority = majorities.Of(result.GetRequiredValue(majority)),
            Clamp = result.GetValue(clamp),
            FullSvd = result.GetValue(fullSvd),
            Seed = result.GetValue(seed),
        },
        Given = result.GivenFields(),
        Dialect = writing.Named(result),
        OptionalLevels = writing.TextModel(result),
        Dtype = writing.Dtype(result),
        Overwrite = writing.Overwrite(result),
        Device = result.GetRequiredValue(device),
    };
}
