namespace Lowrank.Training;

/// <summary>A file's rows as batches, by what an objective asks of them.</summary>
/// <param name="Batches">The batches.</param>
/// <param name="Count">Rows that are learnt.</param>
/// <param name="Account">What was taken, cut and dropped.</param>
sealed record LanguageData(ILanguageBatches Batches, int Count, RowAccount Account)
{
    /// <summary>What the rows of a file are.</summary>
    public required ExampleRows Examples { get; init; }

    /// <summary>Which items of the data a batch holds; null where none is told.</summary>
    public Func<long, IReadOnlyList<int>>? Items { get; init; }

    /// <summary>What a user should know of the batches, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">Its tokenizer and chat template.</param>
    /// <param name="recipe">How rows are made, and how many make a batch.</param>
    /// <param name="needs">What the objective asks.</param>
    /// <param name="isShuffled">Whether each pass has an order of its own.</param>
    /// <exception cref="LowrankException">No such file, rows of no known layout, or none that can be learnt.</exception>
    public static LanguageData Read(string path, LanguageModel model, TrainingRecipe recipe, ObjectiveNeeds needs, bool isShuffled)
    {
        var section = recipe.Language;
        var options = new ExampleOptions
        {
            Columns = ExampleOptions.ReadColumns(section.Columns), InstructionsAsChat = model.Template is not null,
        };
        var examples = AskedRows.Of(ExampleFiles.Read(path, options), section.Prompt, model.Template is not null, path);
        var made = new Making(model, recipe, isShuffled);
        return needs.Rows switch
        {
            ObjectiveRows.Plain => made.Texts(examples),
            ObjectiveRows.Pairs => made.Pairs(examples, needs.OlderRows),
            ObjectiveRows.Unpaired => made.Single(examples, needs.Mismatched),
            _ => throw new LowrankException($"the objective {section.Objective} learns from answers that the model writes, and " +
                $"{path} has answers. Take another objective."),
        };
    }

    sealed class Making(LanguageModel model, TrainingRecipe recipe, bool isShuffled)
    {
        readonly RowOptions rows = recipe.Language.ToRows();
        readonly RowEncoder encoder = new(model.Tokenizer, model.Template, RowTokens.Of(model.Tokenizer))
        {
            PutsBegin = recipe.Language.BeginToken,
        };
        readonly Device device = recipe.Computing.ToDevice();

        int BatchSize => recipe.Optimization.BatchSize;

        RowCollator Collator => new(encoder.Tokens.Pad, recipe.Language.PadToMultipleOf);


        IBatches Order(int count) =>
            isShuffled ? new BatchOrder([.. Enumerable.Repeat(1, count)], BatchSize, recipe.Computing.Seed) : new InOrder(count, BatchSize);

        public LanguageData Texts(ExampleRows examples)
        {
            var (prepared, account) = TextRows.Of(examples.Examples, encoder, rows);
            var batches = new RowBatches(prepared, Collator, new()
            {
                BatchSize = BatchSize, Seed = recipe.Computing.Seed, Shuffles = isShuffled, LiesFlat = rows.LiesFlat,
            });
            return new(batches, prepared.Count, account) { Examples = examples };
        }

        public LanguageData Pairs(ExampleRows examples, bool byOlderRules)
        {
            Require(examples, ExampleLayout.Preference);
            // These are cut as they are made.
            var options = byOlderRules ? rows with { MaxLength = null } : rows;
            var prepared = byOlderRules
                ? OlderPreferenceRows.Of(examples.Examples, encoder, rows) : PreferenceRows.ForDirect(examples.Examples, encoder, rows);
            var (pairs, account) = PairChoice.Of(prepared, options);
            var order = Order(pairs.Count);
            var batches = new PairBatches(pairs, new(Collator, options), order, device);
            return new(batches, pairs.Count, account) { Examples = examples, Items = number => order[number].Items };
        }

        public LanguageData Single(ExampleRows examples, bool isMatched)
        {
            Require(examples, ExampleLayout.Unpaired, ExampleLayout.Preference);
            int? size = isMatched ? BatchSize : null;
            var (single, account) = PreferenceRows.ForSingle(examples.Examples, encoder, rows, size);
            var order = Order(single.Count);
            var batches = new SingleBatches(single, new(Collator, rows), order, device, isMatched);
            var (kinds, alone) = batches.Poor();
            var notes = new List<string>();
            if (kinds > 0)
                notes.Add($"{kinds} of {Listing.Count(order.PerEpoch, "batch", "batches")} have answers of one kind alone, which are " +
                    "compared with none of the other; a larger batch_size has fewer");
            if (isMatched && alone > 0) notes.Add("the last batch has one row, whose prompt is asked with its own answer");
            return new(batches, single.Count, account)
            {
                Examples = examples, Items = number => order[number].Items, Notes = notes,
            };
        }

        void Require(ExampleRows examples, params ReadOnlySpan<ExampleLayout> layouts)
        {
            if (layouts.Contains(examples.Layout)) return;
            string wanted = layouts[0] == ExampleLayout.Preference
                ? "pairs: chosen and rejected, with prompt or without" : "prompt, completion and label, or chosen and rejected";
            throw new LowrankException($"the objective {recipe.Language.Objective} learns from rows of {wanted}; {recipe.Language.Data} " +
                $"has rows of the layout {examples.Layout}. Is it meant for sft?");
        }
    }

    /// <summary>Adds what was taken, and what was not.</summary>
    public void AddTo(Account account, string path)
    {
        Account.AddTo(account);
        foreach (string note in Notes) account.Leaves("batches", note);
        foreach (var reason in Examples.Skipped.GroupBy(row => row.Reason))
        {
            string[] places = [.. reason.Select(row => row.Place)];
            account.Leaves("rows_skipped", $"{Listing.Count(places.Length, "row")} left out, because {reason.Key}: {Listing.Of(places)}");
        }
        if (Examples.UnreadFields.Count > 0)
            account.Leaves("columns", $"columns of {path} that nothing reads: {Listing.Of([.. Examples.UnreadFields])}");
    }
}
