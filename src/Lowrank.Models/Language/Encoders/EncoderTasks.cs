namespace Lowrank.Models;

/// <summary>The models over an encoder's body, under the names that transformers gives them.</summary>
/// <param name="Family">What the published classes begin with: "Bert".</param>
/// <param name="BodyName">What the body is called in models with a head.</param>
/// <param name="Body">Makes a body, with a pooler or without.</param>
sealed record EncoderTasks(string Family, string BodyName, Func<LanguageConfig, Storage?, bool, Encoder> Body)
{
    /// <summary>Whether a classifier of rows reads the body's pooler.</summary>
    public bool PoolsRows { get; init; }

    /// <summary>Makes the head of a classifier of rows.</summary>
    public required Func<LanguageConfig, Encoder, Storage?, EncoderHead> Rows { get; init; }

    /// <summary>Makes the head of a classifier of tokens.</summary>
    public Func<LanguageConfig, Encoder, Storage?, EncoderHead> Tokens { get; init; } =
        (config, _, storage) => EncoderHead.OfTokens("classifier", new Linear(config.HiddenSize, config.Labels.Count, true, storage));

    /// <summary>Makes the head that finds answers.</summary>
    public Func<LanguageConfig, Encoder, Storage?, EncoderHead> Answers { get; init; } =
        (config, _, storage) => EncoderHead.OfTokens("qa_outputs", new Linear(config.HiddenSize, 2, true, storage));

    /// <summary>Makes the head over the vocabulary.</summary>
    public required Func<LanguageConfig, Encoder, Storage?, EncoderHead> Words { get; init; }

    /// <summary>The models, the body alone first.</summary>
    public IReadOnlyList<LanguageTask> All()
    {
        string name = $"{Family}For";
        return
        [
            new($"{Family}Model", (config, storage) => new BodyModel($"{Family}Model", config, Body(config, storage, true), storage)),
            Headed($"{name}SequenceClassification", PoolsRows, Rows, (of, config, body, head, storage) =>
                new ClassifierModel(of, config, body, BodyName, head, storage)),
            Headed($"{name}TokenClassification", false, Tokens, (of, config, body, head, storage) =>
                new TokenClassifierModel(of, config, body, BodyName, head, storage)),
            Headed($"{name}QuestionAnswering", false, Answers, (of, config, body, head, storage) =>
                new AnswerModel(of, config, body, BodyName, head, storage)),
            OfWords($"{name}MaskedLM"),
        ];
    }

    /// <summary>A model with the head over the vocabulary, under a name of its own.</summary>
    public LanguageTask OfWords(string name) => Headed(name, false, Words, (of, config, body, head, storage) =>
        new MaskedModel(of, config, body, BodyName, head, storage));

    /// <summary>The body without a pooler, for whoever makes its own of the states.</summary>
    public LanguageTask States() =>
        new($"{Family}Model", (config, storage) => new BodyModel($"{Family}Model", config, Body(config, storage, false), storage));

    LanguageTask Headed(string name, bool pools, Func<LanguageConfig, Encoder, Storage?, EncoderHead> head,
        Func<string, LanguageConfig, Encoder, EncoderHead, Storage?, LanguageNetwork> make) => new(name, (config, storage) =>
        {
            var body = Body(config, storage, pools);
            return make(name, config, body, head(config, body, storage), storage);
        });
}
