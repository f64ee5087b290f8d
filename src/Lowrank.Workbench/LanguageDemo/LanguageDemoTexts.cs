namespace Lowrank.Workbench;

/// <summary>What the page of a language model's demo says of its run, and what to try next.</summary>
static class LanguageDemoTexts
{
    /// <summary>Settings of the run: name and value.</summary>
    public static IReadOnlyList<(string Name, string Value)> Settings(TrainingRecipe recipe, TrainingStarted start)
    {
        var (network, optimization) = (recipe.Network, recipe.Optimization);
        return
        [
            ("base model", recipe.Model.BaseModel),
            ("rows", $"{start.Examples} pairs of facts and a text (the E2E data set, CC BY-SA 4.0), asked by the model's own template: " +
                $"\"{recipe.Language.Prompt}\""),
            ("trained", $"{Quantity.Count(start.Parameters)} parameters in {start.Targets} layers, rank {network.Rank}, alpha " +
                Quantity.Number(network.EffectiveAlpha)),
            ("steps", $"{start.TotalSteps}, {optimization.BatchSize * optimization.Accumulation} rows each"),
            ("learning rate", $"{Quantity.Number(optimization.LearningRate)}, {optimization.Schedule}"),
            ("seed", $"{recipe.Computing.Seed}"),
            ("computed in", PrecisionNames.Of(recipe.Computing.ToPrecision())),
            ("processor", $"{Processor.Current.Name}, {Environment.ProcessorCount} logical processors"),
        ];
    }

    /// <summary>Commands to try next: the line to type, and what it does.</summary>
    public static IReadOnlyList<(string Command, string Meaning)> Commands(
        string adapter, string gguf, LanguageDemoFiles files, string model)
    {
        string facts = "name[The Mill], eatType[pub], food[Thai], area[riverside], familyFriendly[yes]";
        return
        [
            ($"./lowrank write \"Describe this place in one or two sentences: {facts}\" --chat --temperature 0 -m {model} -a {adapter}",
                "Have it put other facts into words."),
            ($"./lowrank evaluate {files.Asked} -m {model} -a {adapter}", "Measure both again: the figures above, and four more."),
            ($"./lowrank train recipes/e2e.yaml --base-model {model} --steps 536 --output out/whole",
                "Learn all pairs once, which takes five times as long."),
            ($"./lowrank train --base-model {model} --data my-rows.jsonl --output out/mine --name mine",
                "Train on rows of your own: prompt and completion, or messages."),
            ($"llama-cli -m {model} --lora {gguf}", "The same adapter in llama.cpp, over the same base."),
        ];
    }
}
