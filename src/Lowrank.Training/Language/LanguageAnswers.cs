using System.Globalization;
using System.Text.Json.Nodes;

namespace Lowrank.Training;

/// <summary>What a run has that learns from answers of its own: prompts, rewards, and what becomes of them.</summary>
sealed class LanguageAnswers : IDisposable
{
    readonly TrainingRecipe recipe;
    readonly List<IReward> rewards;
    ITrainingListener? listener;
    bool wasEqual;

    /// <summary>Of a recipe.</summary>
    /// <param name="recipe">Prompts and rewards.</param>
    /// <param name="model">What answers.</param>
    /// <param name="account">Gets what is taken of both, and what is not.</param>
    /// <exception cref="LowrankException">A reward is not known, or no prompt can be answered.</exception>
    public LanguageAnswers(TrainingRecipe recipe, LanguageModel model, Account account)
    {
        this.recipe = recipe;
        var (section, seed) = (recipe.Language, recipe.Computing.Seed);
        var options = section.ToAnswers(seed);
        rewards = [.. section.Rewards.Select(Training.Rewards.Parse)];
        Writer = new(model, new RewardSet(rewards, section.RewardWeights), options);
        var encoder = new RowEncoder(model.Tokenizer, model.Template, RowTokens.Of(model.Tokenizer));
        int room = model.ContextLength - options.MaxTokens;
        if (section.MaxLength > 0) room = Math.Min(room, section.MaxLength - 1);
        if (room < 1)
            throw new LowrankException($"answers may have {options.MaxTokens} tokens, and {recipe.Model.BaseModel} takes " +
                $"{model.ContextLength}, prompt and answer together. Take fewer (max_completion_length).");
        var prepared = PromptRows.Of(section.Data, ExampleOptions.ReadColumns(section.Columns), encoder, room);
        Batches = new(prepared.Rows, Writer, new(encoder.Tokens.Pad, section.PadToMultipleOf),
            new(recipe.Optimization.BatchSize, recipe.Optimization.Accumulation, options.Answers, seed)) { Told = Tell };
        Account = prepared.Account;
        account.Takes("prompts", $"{Listing.Count(prepared.Rows.Count, "prompt")}; {options.Answers} answers of up to " +
            $"{options.MaxTokens} tokens are written to each, scored by {WordList.Prose([.. section.Rewards])}");
        foreach (var json in rewards.OfType<JsonReward>())
            foreach (string note in json.Notes) account.Leaves("rewards", note);
    }

    /// <summary>Writes and scores.</summary>
    public AnswerWriter Writer { get; }

    /// <summary>The answers as batches.</summary>
    public WrittenBatches Batches { get; }

    /// <summary>What became of the rows.</summary>
    public RowAccount Account { get; }

    /// <summary>The run begins.</summary>
    public void Prepare(ITrainingListener told, CancellationToken cancel) => (listener, Writer.Cancel) = (told, cancel);

    /// <summary>Says at a run's end how much taught nothing.</summary>
    public void TellAtEnd(int step)
    {
        if (step != recipe.Optimization.StepsOf(Batches.PerEpoch)) return;
        if (Batches.EqualGroups > 0)
            listener?.Warned($"{Batches.EqualGroups} of {Listing.Count(Batches.Groups, "prompt")} had answers of one reward alone, which " +
                "teach nothing");
        if (Batches.Unscored > 0)
            listener?.Warned($"{Listing.Count(Batches.Unscored, "answer")} no reward had a number for; nothing was learnt of them");
    }

    void Tell(long step, IReadOnlyList<WrittenAnswer> answers, AdvantageResult result)
    {
        bool isEqual = result.EqualGroups * recipe.Language.Generations == answers.Count;
        if (isEqual && !wasEqual)
            listener?.Warned($"step {step + 1}: every answer to a prompt got the same reward, so that nothing is learnt of this step. " +
                "Where it stays so, take rewards that tell answers apart, or more answers (num_generations).");
        wasEqual |= isEqual;
        int every = recipe.Language.SampleEvery;
        if (every > 0 && (step + 1) % every == 0) Save(step, answers);
    }

    // The answers that a step learns from, with the seeds that they were drawn by.
    void Save(long step, IReadOnlyList<WrittenAnswer> answers)
    {
        var files = new TrainingFiles(recipe.Saving);
        string name = string.Create(CultureInfo.InvariantCulture, $"{files.After((int)step + 1)}-answers.jsonl");
        string path = files.In(Path.Combine("samples", name));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, answers.Select(Line));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            listener?.Warned($"the answers {path} could not be written: {error.Message} The run goes on.");
            return;
        }
        listener?.Saved(path);
    }

    string Line(WrittenAnswer answer)
    {
        var scores = new JsonObject();
        foreach (var (name, reward) in Writer.Rewards.Zip(answer.Rewards)) scores[name] = reward;
        return new JsonObject
        {
            ["prompt"] = answer.Prompt.Text,
            ["answer"] = answer.Text.Text,
            ["rewards"] = scores,
            ["advantage"] = answer.Advantage,
            ["seed"] = answer.Text.Seed,
        }.ToJsonString();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var reward in rewards.OfType<IDisposable>()) reward.Dispose();
    }
}
