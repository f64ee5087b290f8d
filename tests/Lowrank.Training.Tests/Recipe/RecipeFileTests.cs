using System.Reflection;
using System.Text.Json;

namespace Lowrank.Training.Tests;

public sealed class RecipeFileTests
{
    static TrainingRecipe Parse(string yaml) => Recipes.Parse(yaml, "some.yaml");

    static string Fault(string yaml) => Assert.Throws<LowrankException>(() => Parse(yaml)).Message;

    [Fact]
    public void WhatAFileLeavesOutKeepsItsDefault()
    {
        var recipe = Recipes.Empty().With((NetworkSection s) => s with { Rank = 8 }).With((OptimizationSection s) => s with { LearningRate = 5e-4 });
        Assert.Equal(RecipeFile.Format(recipe), RecipeFile.Format(Parse("rank: 8\nlearning_rate: 5e-4\n")));
    }

    [Theory, InlineData(""), InlineData("# only a comment\n"), InlineData("---\n")]
    public void AnEmptyFileIsAllDefaults(string yaml) => Assert.Equal(RecipeFile.Format(Recipes.Empty()), RecipeFile.Format(Parse(yaml)));

    static readonly Dictionary<string, string[]> others = RecipeValues.Others;

    public static IEnumerable<TheoryDataRow<string>> Fields => PictureRecipe.Form.Fields.Where(f => f is not TaskField).Select(f => new TheoryDataRow<string>(f.Name));

    static TrainingRecipe Another(string name) => others[name].Aggregate(Recipes.Empty(), PictureRecipe.Form.Named(name).With);

    [Theory, MemberData(nameof(Fields))]
    public void AFieldComesBackAsItWasWritten(string name)
    {
        var (field, recipe) = (PictureRecipe.Form.Named(name), Another(name));
        var back = Parse(RecipeFile.Format(recipe));
        Assert.NotEqual(field.Get(Recipes.Empty()), field.Get(recipe));
        Assert.Equal(field.IsList ? others[name] : [field.Get(recipe)!], field.IsList ? field.TextsOf(back) : [field.Get(back)!]);
        Assert.Equal(RecipeFile.Format(recipe), RecipeFile.Format(back));
    }

    [Theory, MemberData(nameof(Fields))]
    public void AFieldSetAloneChangesNoOther(string name)
    {
        var recipe = Another(name);
        Assert.Equal([name], PictureRecipe.Form.Fields.Where(field => field.Get(recipe) != field.Get(Recipes.Empty())).Select(field => field.Name));
    }

    public static IEnumerable<TheoryDataRow<string, string>> OtherNames =>
        PictureRecipe.Form.Fields.SelectMany(f => f.AlsoCalled.Select(other => new TheoryDataRow<string, string>(f.Name, other)));

    [Theory, MemberData(nameof(OtherNames))]
    public void WhatOtherProgramsCallAFieldIsANameOfIt(string name, string other)
    {
        string given = others[name].Length > 1 || PictureRecipe.Form.Named(name).IsList ? $"['{string.Join("', '", others[name])}']" : others[name][0];
        Assert.Equal(RecipeFile.Format(Another(name)), RecipeFile.Format(Parse($"{other}: {given}\n")));
    }

    [Theory, InlineData("a\rb"), InlineData("a\u0085b"), InlineData("a\u2028b\u2029c"), InlineData("\ufeffa\tb"), InlineData("a\u0007b\0"), InlineData(" a "), InlineData("\r\n")]
    public void ATextOfAnySignsComesBackAsItWas(string text)
    {
        var recipe = Recipes.Empty().With((SamplingSection s) => s with { SamplePrompts = [text] }).With((SavingSection s) => s with { Name = text });
        var back = Parse(RecipeFile.Format(recipe));
        Assert.Equal([text], back.Sampling.SamplePrompts);
        Assert.Equal(text, back.Saving.Name);
    }

    [Theory, InlineData(long.MaxValue), InlineData(-1), InlineData(1L << 40), InlineData(0)]
    public void EverySeedComesBackAsItWas(long seed)
    {
        var recipe = Recipes.Empty().With((ComputingSection s) => s with { Seed = seed });
        Assert.Equal(seed, Parse(RecipeFile.Format(recipe)).Computing.Seed);
    }

    [Fact]
    public void TheLargestSeedIsASeedAndALargerNumberIsNone()
    {
        Assert.Equal(-1, Parse("seed: 18446744073709551615\n").Computing.Seed);
        Assert.Contains("0 to 2^64 - 1", Fault("seed: 18446744073709551616\n"));
        Assert.Contains("0 to 2^64 - 1", Fault("seed: -1\n"));
    }

    [Fact]
    public void AFieldUnderTwoNamesIsToldWithBothPlaces() => Assert.Contains(
        "line 3, column 1: rank (line 2, column 1) and network_dim are one and the same; give one of them",
        Fault("alpha: 2\nrank: 4\nnetwork_dim: 8\n"));

    [Fact]
    public void TwoFieldsCannotClaimOneName()
    {
        var field = PictureRecipe.Form.Named("rank");
        string fault = Assert.Throws<LowrankException>(() => new RecipeForm("x", () => [new RecipeChapter("One", field, field with { Name = "size" })]).Fields).Message;
        Assert.Contains("\"network_dim\" is claimed by the fields rank and size", fault);
    }

    [Fact]
    public void ATaskThatNobodyTrainsIsToldWithItsPlaceAndThoseThereAre()
    {
        string fault = Fault("rank: 4\ntask: sculptures\n");
        Assert.Contains("The recipe some.yaml cannot be used: line 2, column 1: there is no task \"sculptures\"", fault);
        Assert.Contains("pictures", fault);
    }

    [Theory, InlineData("[]"), InlineData("[pictures]"), InlineData("{pictures: yes}")]
    public void ATaskThatIsNoWordIsToldWithItsPlace(string value)
    {
        string fault = Fault($"rank: 4\ntask: {value}\n");
        Assert.Contains("line 2, column 1", fault);
        Assert.Contains("task takes one value", fault);
    }

    [Theory]
    [InlineData("method_arg: factor=8", "method_args: [factor=8]")]
    [InlineData("target: to_q", "targets: [to_q]")]
    [InlineData("model: mine", "base_model: mine")]
    public void WhatTheCommandLineCallsAFieldAFileMayCallItToo(string line, string same) =>
        Assert.Equal(RecipeFile.Format(Parse(same)), RecipeFile.Format(Parse(line)));

    [Fact]
    public void EveryPropertyOfASectionIsAFieldOfItsName()
    {
        Type[] sections =
        [
            typeof(ModelSection), typeof(NetworkSection), typeof(OptimizationSection), typeof(ComputingSection), typeof(SavingSection),
            typeof(PictureSection), typeof(DenoisingSection), typeof(SamplingSection), typeof(AccountSection),
        ];
        var properties = sections.SelectMany(section => section.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Where(p => p.SetMethod is not null)
            .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).Except(["optimizer_arguments", "schedule_arguments"]);
        var arguments = Optimizers.All.SelectMany(o => o.Arguments).Concat(LearningRateSchedules.All.SelectMany(s => s.Arguments)).Select(argument => argument.Name).Distinct();
        Assert.Equal(properties.Concat(arguments).Append("task").Order(), PictureRecipe.Form.Fields.Select(f => f.Name).Order());
    }

    [Fact]
    public void AnUnknownKeyIsToldWithItsPlaceAndTheNearestNames()
    {
        string fault = Fault("rank: 4\n  \nlearning_rat: 1\n");
        Assert.Contains("line 3, column 1", fault);
        Assert.Contains("learning_rate", fault);
    }

    [Fact]
    public void ADoubledKeyIsToldWithItsPlace() => Assert.Contains("line 3, column 1", Fault("rank: 4\nalpha: 2\nrank: 5\n"));

    [Fact]
    public void AValueOfAnotherKindIsToldWithItsPlace()
    {
        string fault = Fault("rank: 4\nsteps: many\n");
        Assert.Contains("line 2, column", fault);
        Assert.Contains("many", fault);
    }

    [Fact]
    public void AllFaultsAreToldAtOnce()
    {
        string fault = Fault("ranc: 4\nsteps: many\noverwrite: perhaps\n");
        Assert.Contains("line 1", fault);
        Assert.Contains("line 2", fault);
        Assert.Contains("line 3", fault);
    }

    [Theory, InlineData("- rank\n"), InlineData("rank\n"), InlineData("rank: [1, 2]\n"), InlineData("rank: {a: 1}\n"), InlineData("rank: 4\n\tsteps: 5\n"), InlineData("rank: 4\n---\nrank: 5\n")]
    public void WhatIsNoListOfFieldsIsAnError(string yaml) => Assert.Contains("some.yaml", Fault(yaml));

    [Fact]
    public void NullLeavesAFieldUnset()
    {
        Assert.Null(Parse("alpha: null\n").Network.Alpha);
        Assert.Null(Parse("alpha:\n").Network.Alpha);
    }

    [Fact]
    public void AMissingFileIsAnErrorThatNamesIt() => Assert.Contains("nowhere.yaml", Assert.Throws<LowrankException>(() => Recipes.Read("nowhere.yaml")).Message);

    public static IEnumerable<TheoryDataRow<string>> OfThePaper =>
        Directory.GetFiles(Path.Combine(GoldenFolder.Repository, "recipes", "paper"), "*.yaml").Order().Select(path => new TheoryDataRow<string>(Path.GetFileName(path)));

    [Theory, MemberData(nameof(OfThePaper))]
    public void ThePapersRecipesAreSoundAndEveryLineOfThemActs(string name)
    {
        string path = Path.Combine(GoldenFolder.Repository, "recipes", "paper", name);
        var read = Recipes.Read(path);
        var recipe = read.With((NetworkSection s) => s with { InitAdapter = "" }).Checked();   // MNLI's, which another recipe makes
        Assert.Equal("language", recipe.Form.Task);
        Assert.Empty(read.Idle().Select(line => line.Text));
        Assert.Equal("adamw_hf", recipe.Optimization.Optimizer);
    }

    [Theory, InlineData("ink.yaml"), InlineData("style-sd15.yaml")]
    public void TheRecipesThatComeWithTheProgramAreUsable(string name) => Recipes.Read(Path.Combine(GoldenFolder.Repository, "recipes", name)).Checked();
}
