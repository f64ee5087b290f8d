using Field = Lowrank.Training.SectionField<Lowrank.Training.LanguageSection>;

namespace Lowrank.Training;

// Answers that the model writes itself, and learns from by their rewards.
public sealed partial record LanguageSection
{
    /// <summary>What answers are scored by, as <see cref="Training.Rewards.Parse"/> reads them.</summary>
    public IReadOnlyList<string> Rewards { get; init; } = [];

    /// <summary>A weight of each; none: 1 each.</summary>
    public IReadOnlyList<double> RewardWeights { get; init; } = [];

    /// <summary>Answers to a prompt.</summary>
    public int Generations { get; init; } = 8;

    /// <summary>What logits are divided by where answers are drawn.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>By whose deviation rewards are divided: a word of <see cref="RewardScales"/>.</summary>
    public string ScaleRewards { get; init; } = "group";

    /// <summary>By whose deviation rewards are divided.</summary>
    public static IReadOnlyList<string> RewardScales { get; } = ["group", "batch", "none"];

    /// <summary>How answers are written and scored. Made when they are asked for: they tell the rewards that there are.</summary>
    public static IReadOnlyList<RecipeField> AnswerFields =>
    [
        Field.Several("rewards", $"What answers are scored by, NAME or NAME:WHAT: " +
            WordList.Prose([.. Training.Rewards.All.Select(one => one.Name)]), RecipeList.Texts,
            s => s.Rewards, (s, v) => s with { Rewards = v }) with
        {
            AlsoCalled = ["reward", "reward_funcs"],
            Idle = WithoutAnswers,
            Check = s => s.Rewards.Count > 0 || !s.WritesAnswers ? [] : [$"rewards are missing: {s.Objective} learns from them " +
                "(rewards=length:20-60)"],
        },
        Field.Numbers("reward_weights", "A weight of each reward; none: 1 each",
            s => s.RewardWeights, (s, v) => s with { RewardWeights = v }) with { Idle = WithoutAnswers },
        Field.Whole("num_generations", "Answers that are written to each prompt; batch_size counts answers",
            s => s.Generations, (s, v) => s with { Generations = (int)v }, NumberRange.AtLeast(2)) with { Idle = WithoutAnswers },
        Field.Number("temperature", "What logits are divided by where answers are drawn and learnt",
            s => s.Temperature, (s, v) => s with { Temperature = v }, NumberRange.Above(0)) with { Idle = WithoutAnswers },
        Field.Word("scale_rewards", "By whose deviation grpo divides rewards: the prompt's answers', the step's, or none",
            () => RewardScales, s => s.ScaleRewards, (s, v) => s with { ScaleRewards = v }) with { Idle = WithoutAnswers },
    ];

    /// <summary>Whether the model learns from answers of its own.</summary>
    public bool WritesAnswers =>
        Objectives.TryNamed(Objective, out var named) && named.Create(ObjectiveArguments).Needs.Rows == ObjectiveRows.Written;

    static string? WithoutAnswers(TrainingRecipe recipe)
    {
        var section = recipe.Get<LanguageSection>();
        return section.WritesAnswers ? null : $"the objective {section.Objective} learns from answers that are given";
    }

    /// <summary>How answers are written.</summary>
    /// <param name="seed">Seed of the draws.</param>
    internal AnswerOptions ToAnswers(long seed) => new()
    {
        Answers = Generations,
        MaxTokens = GrpoArguments.Length.In(ObjectiveArguments),
        Temperature = Temperature,
        Seed = seed,
        Advantages = new() { LeavesOneOut = Objectives.Named(Objective).Name == RlooObjective.Descriptor.Name, Scaling = ScaleRewards },
    };
}
