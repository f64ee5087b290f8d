namespace Lowrank.Training;

/// <summary>A language model that is asked of batches what an objective looks at.</summary>
/// <param name="network">The network.</param>
/// <param name="objective">What it is trained for.</param>
/// <param name="batches">Which rows are learnt together.</param>
/// <param name="options">How it is asked; null: the defaults.</param>
public sealed class LanguageTrainingTask(
    LanguageNetwork network, IObjective objective, ILanguageBatches batches, LanguageTrainingOptions? options = null) : ITrainingTask
{
    readonly LanguageTrainingOptions options = options ?? new();
    readonly Dictionary<string, List<double>> told = [];

    /// <summary>Has the model answer as the reference does, until it is disposed of; with its adapters off unless told otherwise.</summary>
    public Func<IDisposable> AsReference { get; set; } = network.Describe().WithoutAdapters;

    /// <inheritdoc/>
    public int BatchesPerEpoch => batches.PerEpoch;

    /// <inheritdoc/>
    public Tensor Loss(long number)
    {
        // Dropouts inside the network draw from the default generator.
        random.manual_seed((long)StepSeeds.Of(options.Seed, "dropout", number));
        var made = Loss(batches[number], CountedInStep(number), number);
        if (is_grad_enabled())
            foreach (var (name, value) in made.Metrics) Tell(name, value);
        // Shares of a step add up, and the loop takes means.
        return made.IsShare ? made.Loss * options.Accumulation : made.Loss;
    }

    /// <inheritdoc/>
    /// <remarks>Means of what the objective told of the step's batches, under TRL's names, and the loss of what is held back.</remarks>
    public IReadOnlyDictionary<string, double> Measures(int step)
    {
        var means = told.ToDictionary(one => one.Key, one => one.Value.Average());
        told.Clear();
        foreach (var (name, value) in batches.Measures(step)) means[name] = value;
        if (step == 1) FirstTold?.Invoke(means);
        return Validation is { } held ? means.Concat(held.Measures(this, step)).ToDictionary() : means;
    }

    /// <summary>What is held back, and when it is looked at; null for nothing.</summary>
    internal LanguageValidation? Validation { get; init; }

    /// <summary>Told what the first step's batches told, before which nothing had moved; null for nobody.</summary>
    internal Action<IReadOnlyDictionary<string, double>>? FirstTold { get; set; }

    /// <summary>Examples where they are learnt.</summary>
    internal LanguageExamples Placed(LanguageExamples examples) => options.Device is not { } device ? examples : examples with
    {
        Rows = examples.Rows.On(device), Mismatched = examples.Mismatched?.On(device),
    };

    /// <summary>What the objective makes of a batch that is not learnt.</summary>
    internal ObjectiveLoss Looked(LanguageExamples examples)
    {
        using var grad = no_grad();
        return Loss(examples, counted: null, noise: null);
    }

    void Tell(string name, double value)
    {
        if (!told.TryGetValue(name, out var values)) told[name] = values = [];
        values.Add(value);
    }

    ObjectiveLoss Loss(LanguageExamples examples, double? counted, long? noise)
    {
        var needs = objective.Needs;
        examples = Placed(examples);
        var input = new ObjectiveInput
        {
            Mask = examples.Rows.Mask,
            Wanted = examples.Wanted,
            Margins = examples.Margins,
            Targets = examples.Targets,
            Advantages = examples.Advantages,
            CountedTokens = counted,
        };
        if (needs.Model != ObjectiveModel.Writer) return objective.Loss(input with { Scores = HeadScores.Of(network, examples) });
        return objective.Loss(input with
        {
            Policy = Asked(examples.Rows, noise),
            Reference = needs.Reference ? examples.Reference ?? ReferenceOf(examples.Rows) : null,
            Mismatched = needs.Mismatched ? Still(Given(examples.Mismatched)) : null,
            MismatchedReference = needs.Mismatched && needs.Reference
                ? examples.MismatchedReference ?? ReferenceOf(Given(examples.Mismatched)) : null,
        });
    }

    // Of one batch a step there is nothing to weigh.
    double? CountedInStep(long number)
    {
        if (options.Accumulation == 1 || !options.WeighsTokens) return null;
        long first = number / options.Accumulation * options.Accumulation;
        return Enumerable.Range(0, options.Accumulation).Sum(one => batches.CountedTokens(first + one));
    }

    // With noise of that number, where there is any.
    TokenLogProbabilities Asked(LanguageBatch rows, long? noise)
    {
        var input = rows.ToInput();
        bool isNoisy = options.NeftuneAlpha > 0 && is_grad_enabled();
        if (!isNoisy || noise is not { } number) return Said(input, rows.Labels);
        using var generator = StepSeeds.Generator(options.Seed, "neftune", number);
        return Said(input with { Embeddings = Neftune.Add(Writer.Vectors(input), options.NeftuneAlpha, generator) }, rows.Labels);
    }

    TokenLogProbabilities Still(LanguageBatch rows)
    {
        using var grad = no_grad();
        return Said(rows.ToInput(), rows.Labels, objective.Needs.Tokens?.Bare());
    }

    /// <summary>What the reference holds of rows' tokens, (B, T − 1).</summary>
    public Tensor ReferenceOf(LanguageBatch rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var reference = AsReference();
        return Still(rows).Values;
    }

    TokenLogProbabilities Said(LanguageInput input, Tensor labels) => Said(input, labels, objective.Needs.Tokens);

    TokenLogProbabilities Said(LanguageInput input, Tensor labels, TokenQuestion? question)
    {
        // Where pads are asked too, places are counted on over them, as the peers' are.
        if (question is { EveryPlace: true } && input.Positions is null)
            input = input with { Positions = arange(input.Ids.shape[1], ScalarType.Int64, input.Ids.device).expand(input.Ids.shape) };
        return TokenLogProbabilities.Of(Writer.Run(input).Hidden, Head, labels, question, input.Ids);
    }

    Tensor Head(Tensor hidden) => options.Temperature == 1 ? Writer.Logits(hidden) : Writer.Logits(hidden) / options.Temperature;

    CausalModel Writer => network as CausalModel
        ?? throw new LowrankException($"a {network.GetName()} does not write, and the objective looks at what a model writes.");

    static LanguageBatch Given(LanguageBatch? rows) =>
        rows ?? throw new LowrankException("the objective needs prompts with others' answers, and the batch has none");
}
