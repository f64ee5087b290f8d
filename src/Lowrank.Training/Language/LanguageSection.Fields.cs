using Field = Lowrank.Training.SectionField<Lowrank.Training.LanguageSection>;

namespace Lowrank.Training;

// What files, options and metadata call it.
public sealed partial record LanguageSection
{
    /// <summary>Where the rows are.</summary>
    public static IReadOnlyList<RecipeField> PlaceFields { get; } =
    [
        Field.Text("data", "File of the rows: texts, prompts with answers, conversations, preferences",
            s => s.Data, (s, v) => s with { Data = v }) with
        {
            AlsoCalled = ["dataset", "train_file"],
            MayChange = true,   // what lies there is compared
            Check = s => s.Data.Length > 0 ? [] : ["data is missing (the file of the rows that are learnt)"],
        },
        Field.Text("validation_data", "File of rows that are held back and looked at on the way",
            s => s.ValidationData, (s, v) => s with { ValidationData = v }) with
        {
            AlsoCalled = ["eval_data", "validation_file", "eval_dataset"],
            MayChange = true,
        },
        Field.Text("columns", "Which column stands for which field: prompt=mr,completion=refs",
            s => s.Columns, (s, v) => s with { Columns = v }) with
        {
            Check = s => Faults.In(() => ExampleOptions.ReadColumns(s.Columns)),
        },
        Field.Text("glue_task", $"Task of GLUE that the data are of, where columns do not tell: {GlueNames}",
            s => s.Task, (s, v) => s with { Task = v }) with
        {
            AlsoCalled = ["task_name"],
            Idle = WithoutHead,
            Check = s => s.Task.Length == 0 ? [] : Faults.In(() => GlueTasks.Named(s.Task)),
        },
        Field.Several("labels", "Names of the classes, in the order of the head's scores; those of data and base where none are given",
            RecipeList.Texts, s => s.Labels, (s, v) => s with { Labels = v }) with
        {
            AlsoCalled = ["label_names"],
            Idle = WithoutHead,
        },
    ];

    /// <summary>How rows are made.</summary>
    public static IReadOnlyList<RecipeField> RowFields =>
    [
        Field.Text("prompt", "What is asked of a row's prompt, with {input} where it goes; a message, where the model has a chat template",
            s => s.Prompt, (s, v) => s with { Prompt = v }) with
        {
            Check = s => s.Prompt.Length == 0 || s.Prompt.Contains(AskedRows.Input, StringComparison.Ordinal) ? []
                : [$"prompt \"{s.Prompt}\" has no {AskedRows.Input} where a row's own prompt goes"],
        },
        Field.Text("rows", "By whose rules rows are made: trl, trl-0.29 or lora-paper",
            s => s.Rows, (s, v) => s with { Rows = v }) with
        {
            Check = s => [.. Faults.In(() => RowWords.Way(s.Rows)), .. s.RowsOfOthers()],
        },
        Field.Whole("max_length", "Most tokens of a row; 0 sets no limit",
            s => s.MaxLength, (s, v) => s with { MaxLength = (int)v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["cutoff_len", "max_seq_length"],
        },
        Field.Text("truncation", "Which end of a row that is too long stays: keep_start or keep_end",
            s => s.Truncation, (s, v) => s with { Truncation = v }) with
        {
            AlsoCalled = ["truncation_mode"],
            Check = s => Faults.In(() => RowWords.KeepsEnd(s.Truncation)),
        },
        Field.Text("packing", "How short rows share one: none, bfd, bfd_split or wrapped",
            s => s.Packing, (s, v) => s with { Packing = v }) with
        {
            AlsoCalled = ["packing_strategy"],
            Check = s => Faults.In(() => s.ToRows().Check()),
        },
        Field.Switch("begin_token", "The begin token stands before texts, though the tokenizer puts none there",
            s => s.BeginToken, (s, v) => s with { BeginToken = v }),
        Field.Word("counted", $"Which tokens are learnt: {Counting.Prose}", () => Counting.All,
            s => s.Counted, (s, v) => s with { Counted = v }),
        Field.Switch("assistant_only", "Only what the assistant says is learnt",
            s => s.AssistantOnly, (s, v) => s with { AssistantOnly = v }) with
        {
            AlsoCalled = ["assistant_only_loss"],
        },
        Field.Whole("pad_to_multiple_of", "Number of which a batch's length is a multiple",
            s => s.PadToMultipleOf, (s, v) => s with { PadToMultipleOf = (int)v }, NumberRange.AtLeast(1)),
    ];

    static string GlueNames => string.Join(", ", GlueTasks.All.Select(task => task.Name));

    // A name that is not known is told by its own field.
    static string? WithoutHead(TrainingRecipe recipe)
    {
        var section = recipe.Get<LanguageSection>();
        bool writes = Objectives.TryNamed(section.Objective, out var objective)
            && objective.Create(section.ObjectiveArguments).Needs.Model == ObjectiveModel.Writer;
        return writes ? $"the objective {section.Objective} trains no head" : null;
    }

    // Their rows are made by FactoryRows and AxolotlRows, which a run does not ask.
    IEnumerable<string> RowsOfOthers()
    {
        if (Rows is "llama-factory" or "axolotl") yield return $"rows is {Rows}, whose rows a run does not make: take trl or trl-0.29";
    }

    /// <summary>What is learnt of them. Made when they are asked for: they tell the objectives that there are.</summary>
    public static IReadOnlyList<RecipeField> ObjectiveFields =>
    [
        Field.Text("objective", $"What the model is trained for: {WordList.Prose([.. Objectives.All.Select(one => one.Name)])}",
            s => s.Objective, (s, v) => s with { Objective = v }) with
        {
            AlsoCalled = ["stage"],
            Meaning = recipe => Objectives.Named(recipe.Get<LanguageSection>().Objective).Name,
            Words = () => [.. Objectives.All.Select(one => one.Name)],
            Check = s => Faults.In(() => s.ToObjective()),
        },
        .. Objectives.All.SelectMany(one => one.Arguments).GroupBy(argument => argument.Name).Select(alike => Field.Argument(
            alike.First(), s => s.ObjectiveArguments, (s, v) => s with { ObjectiveArguments = v }, ArgumentsOf,
            s => $"the objective {s.Objective}", [.. alike])),
        Field.Switch("disable_dropout", "Objectives that compare (dpo, kto, orpo, cpo, simpo, reward) train without dropouts",
            s => s.DisableDropout, (s, v) => s with { DisableDropout = v }),
        Field.Switch("cache_reference", "What the reference holds of all rows is asked before the first step, and kept",
            s => s.CacheReference, (s, v) => s with { CacheReference = v }) with
        {
            AlsoCalled = ["precompute_ref_log_probs"],
            Idle = recipe => NeedsReference(recipe.Get<LanguageSection>()),
        },
        Field.Number("head_learning_rate", "Learning rate of a head; learning_rate if not set",
            s => s.HeadLearningRate, (s, v) => s with { HeadLearningRate = v }, NumberRange.Above(0)) with
        {
            AlsoCalled = ["head_lr"],
            Idle = WithoutHead,
        },
        Field.Word("reduction", $"How the batches of a step are weighed: {Reductions.Prose}", () => Reductions.All,
            s => s.Reduction, (s, v) => s with { Reduction = v }) with
        {
            Idle = recipe => recipe.Optimization.Accumulation > 1 ? null : "accumulation is 1: a step has one batch",
        },
        Field.Number("neftune_alpha", "Noise on tokens' vectors (NEFTune); 5 to 15 are usual, 0 adds none",
            s => s.NeftuneAlpha, (s, v) => s with { NeftuneAlpha = v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["neftune_noise_alpha"],
        },
    ];

    /// <summary>What is written beside PEFT's folder.</summary>
    public static IReadOnlyList<RecipeField> FileFields { get; } =
    [
        Field.Switch("gguf", "Write the finished adapter as a GGUF file too, for llama.cpp and the programs on it",
            s => s.Gguf, (s, v) => s with { Gguf = v }) with
        {
            MayChange = true,
            Idle = recipe => WithoutHead(recipe) is null ? "GGUF adapters hold no head" : null,
        },
    ];

    /// <summary>What is looked at on the way.</summary>
    public static IReadOnlyList<RecipeField> LookFields { get; } =
    [
        Field.Whole("validate_every", "Steps between looks at validation_data",
            s => s.ValidateEvery, (s, v) => s with { ValidateEvery = (int)v }, NumberRange.AtLeast(1)) with
        {
            AlsoCalled = ["eval_steps"],
            MayChange = true,
            Idle = recipe => recipe.Get<LanguageSection>().ValidationData.Length > 0 ? null : "no validation_data is given",
        },
        Field.Whole("sample_every", "Steps between sample texts; 0 writes none",
            s => s.SampleEvery, (s, v) => s with { SampleEvery = (int)v }, NumberRange.AtLeast(0)) with
        {
            MayChange = true,
        },
        Field.Several("sample_prompts", "Prompts of the sample texts, or a .txt file with one a line", RecipeList.Texts,
            s => s.SamplePrompts, (s, v) => s with { SamplePrompts = WithFile(v) }) with
        {
            MayChange = true,
            Idle = WithoutSamples,
            Check = s => s.SampleEvery == 0 || s.SamplePrompts.Count > 0 || s.WritesAnswers
                ? [] : ["sample_every is on and sample_prompts is empty"],
        },
        Field.Whole("sample_tokens", "Most tokens of a sample text",
            s => s.SampleTokens, (s, v) => s with { SampleTokens = (int)v }, NumberRange.AtLeast(1)) with
        {
            MayChange = true,
            Idle = WithoutSamples,
        },
    ];

    static string? NeedsReference(LanguageSection section)
    {
        var needs = section.ToObjective().Needs;
        if (!needs.Reference) return $"the objective {section.Objective} has no reference";
        return needs.Rows == ObjectiveRows.Written ? "answers that are written as the run goes cannot be asked before it" : null;
    }

    static IReadOnlyList<NamedArgument> ArgumentsOf(LanguageSection section) =>
        Objectives.TryNamed(section.Objective, out var objective) ? objective.Arguments : [];

    // The last of them is new, and may be the name of a file.
    static IReadOnlyList<string> WithFile(IReadOnlyList<string> prompts)
    {
        bool isFile = prompts.Count > 0 && PromptLines.IsFile(prompts[^1]);
        return isFile ? [.. prompts.SkipLast(1), .. PromptLines.Read(prompts[^1]).Prompts] : prompts;
    }

    static string? WithoutSamples(TrainingRecipe recipe) =>
        recipe.Get<LanguageSection>().SampleEvery > 0 ? null : "sample_every is 0";
}
