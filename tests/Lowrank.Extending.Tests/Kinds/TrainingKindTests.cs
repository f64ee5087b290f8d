namespace Lowrank.Extending.Tests;

/// <summary>A kind of training that was added has recipes with what was added after it.</summary>
public class TrainingKindTests
{
    [Fact]
    public void AnOptimizerThatIsAddedAfterItHasFieldsInItsRecipes()
    {
        var recipe = Recipes.Parse("task: own\noptimizer: sign-descent\nmomentum: 0.5\npreset: keys\n", "here");
        Assert.Same(OwnKind.Kind.Form, recipe.Form);
        Assert.Equal("0.5", recipe.Optimization.OptimizerArguments["momentum"]);
    }

    [Theory, InlineData("own"), InlineData("pictures")]
    public void APresetThatIsAddedAfterItIsToldInTheHelp(string task) =>
        Assert.EndsWith(", keys", Recipes.Empty(task).Form.Named("preset").Help);

    [Fact]
    public void AFormAsksForItsFieldsAtTheFirstLookAndOnce()
    {
        int asked = 0;
        var kind = new TrainingKind(new RecipeForm("late", () => [new("What", Asked())]), OwnKind.Kind.OpenJob);
        _ = new NamedList<TrainingKind>("task", one => [one.Name], kind).Named("late");
        Assert.Equal(0, asked);
        Assert.NotEmpty(kind.Form.Fields);
        Assert.Equal("base_model", kind.Form.Named("model").Name);
        Assert.Equal(1, asked);

        IReadOnlyList<RecipeField> Asked()
        {
            asked++;
            return ModelSection.Fields;
        }
    }

    [Fact]
    public void AnArgumentThatTakesAFieldsNameIsToldWithBoth()
    {
        var argument = NamedArgument.Number("step_size", "A test's own", 1) with { AlsoCalled = ["lr"] };
        var field = SectionField<OptimizationSection>.Argument(
            argument, s => s.OptimizerArguments, (s, v) => s with { OptimizerArguments = v }, _ => [argument], _ => "it");
        var recipe = new TrainingRecipe(new RecipeForm("own", () => [new("How", [.. OptimizationSection.RateFields, field])]));
        string fault = Assert.Throws<LowrankException>(() => recipe.Checked()).Message;
        Assert.Equal("\"lr\" is claimed by the fields learning_rate and step_size of a recipe", fault);
    }
}
