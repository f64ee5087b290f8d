namespace Lowrank.Training;

// Why fields act on nothing beside the objective that is chosen.
public sealed partial record LanguageSection
{
    // A name or an argument that is not known is told by its own field.
    static string? Unless(TrainingRecipe recipe, Func<LanguageSection, ObjectiveNeeds, string?> why)
    {
        var section = recipe.Get<LanguageSection>();
        if (!Objectives.TryNamed(section.Objective, out var objective)) return null;
        return why(section, objective.Create(section.ObjectiveArguments).Needs);
    }

    static bool HasHead(ObjectiveNeeds needs) => needs.Model != ObjectiveModel.Writer;

    static string? WithoutHead(TrainingRecipe recipe) =>
        Unless(recipe, (s, needs) => HasHead(needs) ? null : $"the objective {s.Objective} trains no head");

    static string? WithoutClasses(TrainingRecipe recipe) => WithoutHead(recipe) ?? Unless(recipe, (s, needs) =>
        HeadedModel.AimOf(s, needs) is HeadAim.Class or HeadAim.Several or HeadAim.Tokens
            ? null : $"the objective {s.Objective} tells no classes");

    static string? WithoutWriter(TrainingRecipe recipe) => Unless(recipe, (s, needs) =>
        HasHead(needs) ? $"the objective {s.Objective} trains a head, and a model with a head writes nothing" : null);

    // Rows of texts and conversations, of which some tokens count.
    static string? WithoutTexts(TrainingRecipe recipe) => Unless(recipe, (s, needs) =>
    {
        if (HasHead(needs)) return $"the objective {s.Objective} trains a head, which reads rows whole";
        return needs.Rows == ObjectiveRows.Plain ? null
            : $"the objective {s.Objective} has rows of its own, one for each answer, of which the answer is learnt; it is for sft";
    });

    static string? WithoutGivenAnswers(TrainingRecipe recipe) => Unless(recipe, (s, needs) =>
    {
        if (HasHead(needs)) return $"the objective {s.Objective} trains a head, which reads rows as they are";
        return needs.Rows == ObjectiveRows.Written ? $"the objective {s.Objective} asks prompts as they are" : null;
    });

    static string? WithoutCuts(TrainingRecipe recipe) => Unless(recipe, (s, needs) =>
    {
        if (s.MaxLength == 0 && !HasHead(needs)) return "max_length is 0: no row is cut";
        if (HeadedPairs(needs)) return "pairs of which a text is too long are left out, and none is cut";
        if (HasHead(needs)) return "a head's rows lose their end, of two texts that of the longer";
        if (needs.OlderRows) return $"the objective {s.Objective} cuts the end of answers that are too long, as TRL's does";
        if (needs.Rows == ObjectiveRows.Written) return "prompts that are too long are left out, and none is cut";
        bool isParted = needs.Rows == ObjectiveRows.Plain && s.Packing is not ("none" or "bfd");
        return !isParted ? null : $"packing is {s.Packing}, which parts rows that are too long and cuts none";
    });

    static bool HeadedPairs(ObjectiveNeeds needs) => HasHead(needs) && needs.Rows == ObjectiveRows.Pairs;

    static string? WithoutBegins(TrainingRecipe recipe) => Unless(recipe, (s, needs) =>
    {
        if (HasHead(needs) && !HeadedPairs(needs)) return "a head's rows begin as the tokenizer has it";
        return needs.OlderRows ? $"the objective {s.Objective} puts it there in any case" : null;
    });

    static string? WithoutComparison(TrainingRecipe recipe) => Unless(recipe, (s, needs) =>
        needs.LeavesOutChance ? null : $"the objective {s.Objective} compares no passes, and trains with the dropouts that are set");

    /// <summary>Tells of a step of several batches whose tokens the objective does not weigh.</summary>
    internal static void TellWeights(TrainingRecipe recipe, ObjectiveNeeds needs, Account account)
    {
        var section = recipe.Get<LanguageSection>();
        if (recipe.Optimization.Accumulation > 1 && Reductions.Of(section.Reduction) && !needs.WeighsTokens)
            account.Takes("reduction", $"every batch of a step weighs the same: the objective {section.Objective} takes the mean of each");
    }

    static string? WithoutLooks(TrainingRecipe recipe)
    {
        if (recipe.Get<LanguageSection>().ValidationData.Length == 0) return "no validation_data is given";
        return Unless(recipe, (s, needs) => needs.Rows == ObjectiveRows.Written
            ? $"the objective {s.Objective} looks at nothing that is held back" : null);
    }
}
