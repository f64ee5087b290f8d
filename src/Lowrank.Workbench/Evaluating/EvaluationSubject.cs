using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>A loaded model that is measured, with its adapters.</summary>
sealed class EvaluationSubject : IDisposable
{
    readonly IDisposable model;
    readonly LanguageModel? writer;
    readonly ModelAdapters adapters;
    readonly Func<EvaluationOptions, Evaluator> evaluator;

    EvaluationSubject(IDisposable model, ModelAdapters adapters, IReadOnlyList<string> names, Func<EvaluationOptions, Evaluator> evaluator,
        LanguageModel? writer = null)
    {
        (this.model, this.adapters, Names, this.evaluator, this.writer) = (model, adapters, names, evaluator, writer);
    }

    /// <summary>What the adapters are called on the model, in the order in which they were given.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Loads the model that suits rows: one that writes, or one that tells classes.</summary>
    /// <param name="choice">Which, with which adapters.</param>
    /// <param name="data">The rows.</param>
    /// <param name="isPlain">Whether prompts are gone on with as plain texts, without a chat template.</param>
    /// <param name="run">Told of what is not used.</param>
    /// <exception cref="LowrankException">Model, tokenizer or an adapter is missing or damaged, or they do not fit each other.</exception>
    public static EvaluationSubject Load(WritingModelChoice choice, EvaluationData data, bool isPlain, JobRun run)
    {
        if (data is LabelData labels)
        {
            var classifier = ClassifyingModel.Load(choice, labels, run);
            return new(classifier, classifier.Model.Adapters, classifier.Names, options => labels.For(classifier.Model, options))
            {
                LacksBase = classifier.Model.Network.LacksHead,
            };
        }
        var writer = WritingModel.Load(choice, run, addUp: false);
        bool writesMessages = data is AnswerData or FactData && !isPlain;
        foreach (string note in writesMessages ? writer.TemplateNotes : []) run.Say(note);
        return new(writer, writer.Model.Adapters, writer.Names, options => ((TextedData)data).For(writer.Model, options), writer.Model);
    }

    /// <summary>Whether the base alone tells nothing.</summary>
    public bool LacksBase { get; private init; }

    /// <summary>Makes the rows ready.</summary>
    public Evaluator For(EvaluationOptions options) => evaluator(options);

    /// <summary>Lets one adapter work; null leaves the base.</summary>
    public void Use(string? name) => adapters.SetActive(name is null ? [] : [name]);

    /// <summary>A sentence on each adapter at work whose invocation tokens stand in none, or not in all, of the rows.</summary>
    public IEnumerable<string> AbsentFor(Evaluator evaluator) =>
        writer is null || adapters.Active.Count == 0 ? [] : Invocations.Absent(writer, evaluator.Read, "row");

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
