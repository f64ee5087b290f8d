namespace Lowrank.Training;

/// <summary>The right class of each row, or of each token, is made likelier: weighted cross-entropy.</summary>
/// <remarks>
/// Labels of −100 do not count; a batch where none counts costs 0. Tokens of a step weigh the same however it was cut, where their number
/// is given (<see cref="ObjectiveInput.CountedTokens"/>).
/// </remarks>
public sealed class ClassificationObjective : IObjective
{
    readonly ClassificationOptions options;
    readonly bool ofTokens;

    /// <summary>An objective.</summary>
    /// <param name="options">How classes are learnt; null: the defaults.</param>
    /// <param name="ofTokens">Whether each token has a class, and not each row. Default false.</param>
    /// <exception cref="LowrankException">An option is out of its range.</exception>
    public ClassificationObjective(ClassificationOptions? options = null, bool ofTokens = false)
    {
        (this.options, this.ofTokens) = (options ?? new(), ofTokens);
        this.options.Check();
        Needs = new(ofTokens ? ObjectiveModel.Tokens : ObjectiveModel.Rows) { WeighsTokens = ofTokens };
    }

    static readonly FreeArgument<IReadOnlyList<double>> weights = NamedArgument.Numbers(
        "class_weights", "a weight of each class, in the order of the labels; none: 1 each", "", NumberRange.AtLeast(0));

    static readonly TypedArgument<double> smoothing =
        NamedArgument.Number("label_smoothing", "share of the classes' mean in each loss", 0, NumberRange.ShareBelowOne)
            with { AlsoCalled = ["label_smoothing_factor"] };

    /// <summary>What there is to know of it over rows.</summary>
    public static ObjectiveDescriptor Descriptor { get; } = Described(
        "classification", "the class of a text or of a pair of texts", ["single_label_classification", "seq_cls"], ofTokens: false);

    /// <summary>What there is to know of it over tokens.</summary>
    public static ObjectiveDescriptor OfTokens { get; } = Described(
        "token_classification", "the class of each token", ["token_cls", "ner"], ofTokens: true);

    static ObjectiveDescriptor Described(string name, string help, IReadOnlyList<string> others, bool ofTokens) => new(name, help, given =>
        new ClassificationObjective(new() { ClassWeights = weights.In(given), LabelSmoothing = smoothing.In(given) }, ofTokens))
    {
        OtherNames = others, Arguments = [weights, smoothing],
    };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; }

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var given = ObjectiveInput.Given(input.Scores, "classification", "the model's scores");
        var scores = given.reshape(-1, given.shape[^1]).to(ScalarType.Float32);   // (N, classes)
        var labels = ObjectiveInput.Given(input.Targets, "classification", "labels").reshape(-1);
        Check(scores, labels);
        var counted = labels.ne(TokenQuestion.NotCounted).to(ScalarType.Float32);
        var own = labels.clamp(0);
        var logs = scores.log_softmax(1);
        var each = -logs.gather(1, own.unsqueeze(1)).squeeze(1);
        if (options.LabelSmoothing > 0) each = each * (1 - options.LabelSmoothing) - logs.mean([1]) * options.LabelSmoothing;
        var weight = Weights(own, scores) is { } weights ? counted * weights : counted;
        double? tokens = ofTokens ? input.CountedTokens : null;
        double divisor = tokens ?? weight.sum().ToDouble();
        var loss = (each * weight).sum() / (divisor > 0 ? divisor : 1);
        var right = logs.argmax(1).eq(own).to(ScalarType.Float32) * counted;
        double accuracy = right.sum().ToDouble() / Math.Max(1, counted.sum().ToDouble());
        return new(scope.MoveToOuter(loss), new Dictionary<string, double> { ["accuracy"] = accuracy }) { IsShare = tokens is not null };
    }

    void Check(Tensor scores, Tensor labels)
    {
        long classes = scores.shape[1];
        if (scores.shape[0] != labels.shape[0])
            throw new LowrankException($"there are {labels.shape[0]} labels for {scores.shape[0]} scores");
        if (options.ClassWeights.Count > 0 && options.ClassWeights.Count != classes)
            throw new LowrankException($"class_weights has {options.ClassWeights.Count} numbers, and the model tells {classes} classes");
        if (labels.numel() == 0) return;
        long largest = labels.max().ToInt64();
        if (largest >= classes)
            throw new LowrankException($"a row has the label {largest}, and the model tells the classes 0 to {classes - 1}. " +
                "Was its head made for other labels?");
    }

    Tensor? Weights(Tensor labels, Tensor scores)
    {
        if (options.ClassWeights.Count == 0) return null;
        var all = tensor(options.ClassWeights.Select(weight => (float)weight).ToArray(), device: scores.device);
        return all.index_select(0, labels);
    }
}
