namespace Lowrank.Training;

/// <summary>A model with a head that is trained, its tokenizer, and the classes that it tells.</summary>
/// <param name="Network">The network.</param>
/// <param name="Loaded">The tokenizer with what was found beside it.</param>
/// <param name="Aim">What the head tells.</param>
/// <param name="Labels">The classes.</param>
/// <param name="Location">Where it came from.</param>
sealed record HeadedModel(LanguageNetwork Network, LoadedTokenizer Loaded, HeadAim Aim, HeadLabels Labels, string Location) : IDisposable
{
    /// <summary>What an objective trains a head to tell.</summary>
    public static HeadAim AimOf(LanguageSection section, ObjectiveNeeds needs) => needs switch
    {
        { Rows: ObjectiveRows.Pairs } => HeadAim.Reward,
        { Model: ObjectiveModel.Tokens } => HeadAim.Tokens,
        { Model: ObjectiveModel.Spans } => HeadAim.Span,
        _ => Objectives.Named(section.Objective).Name switch
        {
            "regression" => HeadAim.Number,
            "multi_label" => HeadAim.Several,
            _ => HeadAim.Class,
        },
    };

    /// <summary>Loads one with the classes of its data; a head that is in no file begins at random.</summary>
    /// <exception cref="LowrankException">Model or tokenizer is missing or damaged, or its family has no such head.</exception>
    public static HeadedModel Load(TrainingRecipe recipe, HeadAim aim, HeadSource source)
    {
        string folder = recipe.Model.BaseModel;
        var loaded = Tokenizers.Load(folder);
        var head = aim switch { HeadAim.Tokens => ModelHead.Tokens, HeadAim.Span => ModelHead.Spans, _ => ModelHead.Rows };
        bool hasClasses = aim is HeadAim.Class or HeadAim.Several or HeadAim.Tokens;
        var labels = !hasClasses ? HeadLabels.Score
            : HeadLabels.Of(source.Labels(aim), recipe.Language.Labels, source.Task, LanguageModels.SavedLabels(folder, head));
        var precision = recipe.Computing.ToPrecision();
        var network = LanguageModels.LoadHeaded(folder, head, labels.Names, new Storage(precision.Stored, recipe.Computing.ToDevice()));
        network.Dtype = precision.Compute;
        if (network.LacksHead) HeadStart.Fill(network, recipe.Computing.Seed);
        if (network is ScoreModel score) score.PadId ??= loaded.Tokenizer.Specials.Pad ?? loaded.Tokenizer.Specials.End;
        return new(network, loaded, aim, labels, folder);
    }

    /// <summary>The chat template; null where the files have none.</summary>
    public ChatTemplate? Template => Loaded.ChatTemplates.Count > 0 ? new(Loaded.ChatTemplates, Loaded.SpecialTexts) : null;

    /// <summary>Whether the model tells apart the two texts of a pair.</summary>
    public bool HasSegments => Network is EncoderModel { HasTypes: true };

    /// <summary>The most tokens of a row.</summary>
    public int Longest(LanguageSection section)
    {
        int most = Math.Min(Loaded.MaxLength ?? int.MaxValue, Network.Config.MaxPositions);
        return section.MaxLength > 0 ? Math.Min(most, section.MaxLength) : most;
    }

    /// <summary>How rows become a batch.</summary>
    public RowCollator Collator(TrainingRecipe recipe)
    {
        int? own = Network is ScoreModel score ? score.PadId : null;
        int pad = own ?? Loaded.Tokenizer.Specials.Pad ?? Network.Config.PadId ?? 0;
        return new(pad, recipe.Language.PadToMultipleOf);
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
