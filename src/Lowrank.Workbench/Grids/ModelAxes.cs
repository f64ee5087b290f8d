using static Lowrank.Workbench.AxisForms;

namespace Lowrank.Workbench;

/// <summary>Axes over the base model, its parts and its adapters.</summary>
static class ModelAxes
{
    // How slow a value is to change, beside drawing a picture.
    const double CostOfModel = 1, CostOfVae = 0.7, CostOfAdapter = 0.5;

    /// <summary>Where an adapter's strength is said.</summary>
    public const string StrengthName = "adapter strength";

    public static IReadOnlyList<GridAxis<GeneratingRequest>> All { get; } =
    [
        new("Adapter", GridValueKind.Text, WithAdapter)
        {
            LabelOf = AdapterLabel, Cost = CostOfAdapter, OtherNames = ["lora"], Adds = true, IsNothing = IsNone,
        },
        new("Adapter strength", GridValueKind.Number, WithStrength) { Turn = 1, Cost = CostOfAdapter, OtherNames = ["lora strength"] },
        new("Checkpoint name", GridValueKind.Text, (request, value, _) => request with { Model = value.Text })
        {
            Name = "model", LabelOf = FileName, Cost = CostOfModel, OtherNames = ["checkpoint"],
        },
        new("VAE", GridValueKind.Text, (request, value, _) => request with { Vae = IsOwn(value) ? null : value.Text })
        {
            LabelOf = value => IsOwn(value) ? "the model's own VAE" : FileName(value), Cost = CostOfVae,
        },
        new("Refiner checkpoint", GridValueKind.Text, WithRefiner)
        {
            Name = "refiner", LabelOf = value => IsNone(value) ? "no refiner" : FileName(value), Cost = CostOfModel,
        },
        new("Refiner switch at", GridValueKind.Number, (request, value, _) => request with
        {
            Refiner = request.Refiner is { } refiner ? refiner with { SwitchAt = value.Number } : null,
        })
        {
            Name = "refiner at", Turn = 1, Idle = WithoutRefiner,
        },
        new("Prediction", GridValueKind.Text, WithPrediction) { Cost = CostOfModel },
        new("Precision", GridValueKind.Text, WithPrecision) { Cost = CostOfModel },
    ];

    static bool IsOwn(GridValue value) => !NamesFile(value.Text);

    /// <summary>Whether a value of models or their parts names a file, rather than none or the model's own.</summary>
    public static bool NamesFile(string text) => text.ToLowerInvariant() is not ("" or "none" or "automatic");

    static GeneratingRequest WithRefiner(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all)
    {
        if (IsNone(value)) return request with { Refiner = null };
        return request with { Refiner = request.Refiner is { } given ? given with { Path = value.Text } : new(value.Text) };
    }

    static string? WithoutRefiner(GeneratingRequest request) =>
        request.Refiner is null ? "there is no refiner: give `refiner`, or an axis of it" : null;

    static GeneratingRequest WithPrediction(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all) =>
        request with { ModelOptions = request.ModelOptions with { Prediction = DenoisingSection.Predictions.Of(value.Text) } };

    static GeneratingRequest WithPrecision(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all)
    {
        _ = PrecisionNames.Named(value.Text);
        return request with { Precision = PrecisionNames.Plain(value.Text) };
    }

    // Beside those that all pictures have.
    static GeneratingRequest WithAdapter(GeneratingRequest request, GridValue value, IReadOnlyList<GridValue> all) =>
        request with { Adapters = [.. request.Adapters, AdapterOf(value)] };

    static AdapterChoice AdapterOf(GridValue value)
    {
        if (IsNone(value)) return new NoAdapter();
        var (choice, fault) = AdapterArgument.Parse(value.Text);
        if (choice is null) throw new LowrankException(fault!);
        return new AdapterChoice(choice.Path, choice.Strength) { IsAxis = true };
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
        if (request.Adapters.Count == 0) throw Lacking(StrengthName, "an adapter", "one with `adapter`, or on another axis");
        var last = request.Adapters[^1];
        if (last is NoAdapter) return request;
        if (last is TaggedAdapter tagged)
            throw new LowrankException($"{tagged.Tag.Text} says its own strengths, and has none that an axis could set");
        return request with { Adapters = [.. request.Adapters.SkipLast(1), last with { Strength = value.Number, IsAxis = true }] };
    }
}
