namespace Lowrank.Training.Tests;

/// <summary>Every field of a language recipe with every objective: it acts, or a run says that it does not.</summary>
public sealed class LanguageFieldTests
{
    static readonly string[] classes = ["classification", "token_classification", "multi_label"];
    static readonly string[] heads = [.. classes, "regression", "question_answering", "reward"];
    static readonly string[] pairs = ["dpo", "orpo", "simpo", "cpo"];
    static readonly string[] written = ["grpo", "rloo"];
    static readonly string[] writers = ["sft", "kto", .. pairs, .. written];

    static readonly Dictionary<string, (string Value, string[] Heeding)> fields = new()
    {
        ["rows"] = ("trl-0.29", ["sft"]),
        ["packing"] = ("bfd", ["sft"]),
        ["counted"] = ("all", ["sft"]),
        ["assistant_only"] = ("true", ["sft"]),
        ["prompt"] = ("what of {input}?", ["sft", "kto", .. pairs]),
        ["truncation"] = ("keep_end", ["sft", "dpo", "kto"]),
        ["begin_token"] = ("true", ["sft", "dpo", "kto", "reward", .. written]),
        ["disable_dropout"] = ("false", ["reward", "kto", .. pairs]),
        ["cache_reference"] = ("true", ["dpo", "kto"]),
        ["neftune_alpha"] = ("5", writers),
        ["sample_every"] = ("5", writers),
        ["sample_prompts"] = ("count", writers),
        ["sample_tokens"] = ("5", writers),
        ["validate_every"] = ("7", [.. heads, "sft", "kto", .. pairs]),
        ["labels"] = ("good", classes),
        ["glue_task"] = ("sst2", heads),
        ["head_learning_rate"] = ("0.01", heads),
        ["gguf"] = ("false", writers),
        ["rewards"] = ("length:20-60", written),
        ["reward_weights"] = ("2", written),
        ["num_generations"] = ("4", written),
        ["temperature"] = ("0.5", written),
        ["scale_rewards"] = ("none", written),
    };

    // Means are what objectives take that do not weigh tokens: of those the account tells the other word.
    static readonly string[] alwaysHeeded =
        ["data", "validation_data", "columns", "max_length", "pad_to_multiple_of", "objective", "reduction"];

    static IEnumerable<RecipeField> Own => new[]
    {
        LanguageSection.PlaceFields, LanguageSection.RowFields, LanguageSection.ObjectiveFields, LanguageSection.AnswerFields,
        LanguageSection.FileFields, LanguageSection.LookFields,
    }.SelectMany(some => some).ExceptBy(Objectives.All.SelectMany(one => one.Arguments).Select(one => one.Name), own => own.Name);

    [Fact]
    public void EveryFieldIsAsked() => Assert.Equal(Own.Select(field => field.Name).Order(), fields.Keys.Concat(alwaysHeeded).Order());

    public static IEnumerable<TheoryDataRow<string>> Fields => fields.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory, MemberData(nameof(Fields))]
    public void AFieldActsOrARunSaysThatItDoesNot(string name)
    {
        var heeding = Objectives.All.Where(objective => !IdleIn(objective.Name, name)).Select(objective => objective.Name);
        Assert.Equal(fields[name].Heeding.Order(), heeding.Order());
    }

    static bool IdleIn(string objective, string name)
    {
        var recipe = Recipes.Empty("language").With((OptimizationSection s) => s with { Accumulation = 2 })
            .With((LanguageSection s) => s with { Objective = objective, ValidationData = "held.jsonl", SampleEvery = 3, SamplePrompts = ["a"] });
        return recipe.Form.Named(name).With(recipe, fields[name].Value).Idle().Any(line => line.Name == $"idle_{name}");
    }
}
