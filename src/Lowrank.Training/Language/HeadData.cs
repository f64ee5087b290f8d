namespace Lowrank.Training;

/// <summary>Rows with labels, ready to be learnt.</summary>
/// <param name="Batches">The batches.</param>
/// <param name="Count">Rows, or pairs of rows.</param>
sealed record HeadData(ILanguageBatches Batches, int Count)
{
    /// <summary>Makes rows of a file, and tells what became of it.</summary>
    /// <param name="source">The file's rows.</param>
    /// <param name="model">Tokenizer and limits.</param>
    /// <param name="recipe">How rows are made, and how many make a batch.</param>
    /// <param name="account">Is told what was taken, and what not.</param>
    /// <param name="isShuffled">Whether each pass has an order of its own.</param>
    /// <exception cref="LowrankException">A label that is not trained, or nothing is left.</exception>
    public static HeadData Of(HeadSource source, HeadedModel model, TrainingRecipe recipe, Account account, bool isShuffled)
    {
        foreach (var reason in source.Examples.Skipped.GroupBy(row => row.Reason))
            account.Leaves("rows_skipped", Told([.. reason], reason.Key));
        if (source.Examples.UnreadFields.Count > 0)
            account.Leaves("columns", $"columns of {source.Path} that nothing reads: {Listing.Of([.. source.Examples.UnreadFields])}");
        return model.Aim == HeadAim.Reward
            ? Pairs(source, model, recipe, account, isShuffled) : Rows(source, model, recipe, account, isShuffled);
    }

    static string Told(IReadOnlyList<SkippedRow> rows, string reason) =>
        $"{Listing.Count(rows.Count, "row")} left out, because {reason}: {Listing.Of([.. rows.Select(row => row.Place)])}";

    static HeadData Rows(HeadSource source, HeadedModel model, TrainingRecipe recipe, Account account, bool isShuffled)
    {
        var made = new HeadRows(model.Loaded.Tokenizer, model.Aim, model.Labels, model.Longest(recipe.Language));
        var rows = made.Of(source.Examples.Examples);
        if (!model.HasSegments) rows = [.. rows.Select(row => row with { Segments = [.. row.Segments.Select(_ => 0)] })];
        if (made.Dropped.Count > 0) account.Leaves("rows_dropped", Told(made.Dropped, made.Dropped[0].Reason));
        string longest = $"the longest has {rows.Max(row => row.Ids.Count)} tokens";
        account.Takes("rows", $"{Listing.Count(rows.Count, "row")} of {source.Path}, {longest}");
        if (made.Cut > 0)
            account.Leaves("rows_cut", $"{Listing.Count(made.Cut, "row")} of {source.Path} cut to {model.Longest(recipe.Language)} tokens");
        var device = recipe.Computing.ToDevice();
        return new(new HeadBatches(rows, model.Aim, model.Collator(recipe), Order(recipe, rows.Count, isShuffled), device), rows.Count);
    }

    static HeadData Pairs(HeadSource source, HeadedModel model, TrainingRecipe recipe, Account account, bool isShuffled)
    {
        var encoder = new RowEncoder(model.Loaded.Tokenizer, model.Template, RowTokens.Of(model.Loaded.Tokenizer))
        {
            PutsBegin = recipe.Language.BeginToken,
        };
        var options = recipe.Language.ToRows() with { MaxLength = model.Longest(recipe.Language) };
        RequireMargins(source);
        var (pairs, told) = PreferenceRows.ForReward(source.Examples.Examples, encoder, options);
        told.AddTo(account);
        if (encoder.Tokens.Pad == encoder.Tokens.End)
            account.Leaves("pad", $"the token that fills rows up ends them too (id {encoder.Tokens.End}): a row's score is read at the " +
                "token before its end. Another pad_token in tokenizer_config.json has it read at the end");
        var collator = new PreferenceCollator(model.Collator(recipe), options);
        var order = Order(recipe, pairs.Count, isShuffled);
        return new(new PairBatches(pairs, collator, order, recipe.Computing.ToDevice()), pairs.Count);
    }

    // A batch has margins where all its pairs have: some without would take those of the others with them.
    static void RequireMargins(HeadSource source)
    {
        var rows = source.Examples.Examples;
        int told = rows.Count(row => row.Margin is not null);
        if (told == 0 || told == rows.Count) return;
        string first = rows.First(row => row.Margin is null).Place;
        throw new LowrankException($"{told} of {Listing.Count(rows.Count, "pair")} of {source.Path} have a margin, and {first} has none. " +
            "Give each pair one (0 asks for no distance), or none.");
    }

    static IBatches Order(TrainingRecipe recipe, int count, bool isShuffled)
    {
        int size = recipe.Optimization.BatchSize;
        return isShuffled ? new BatchOrder([.. Enumerable.Repeat(1, count)], size, recipe.Computing.Seed) : new InOrder(count, size);
    }
}
