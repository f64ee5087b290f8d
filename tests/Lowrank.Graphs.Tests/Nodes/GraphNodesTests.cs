namespace Lowrank.Graphs.Tests;

public class GraphNodesTests
{
    public static IEnumerable<TheoryDataRow<string>> All => GraphNodes.All.Select(node => new TheoryDataRow<string>(node.ClassType));

    static readonly GraphFolders nowhere = new() { Models = "none", Input = "none" };

    [Theory, MemberData(nameof(All))]
    public void EveryClassDeclaresItselfWhole(string name)
    {
        var node = GraphNodes.Find(name)!;
        Assert.Same(node, GraphNodes.All.Single(one => one.ClassType == name));
        Assert.Equal(node.Inputs.Count, node.Inputs.Select(input => input.Name).Distinct().Count());
        Assert.All(node.ChecksItself, input => Assert.NotNull(node.Input(input)));
        Assert.True(node.IsOutput || node.Outputs.Count > 0);
        bool seenOptional = false;
        foreach (var input in node.Inputs)
        {
            Assert.False(seenOptional && !input.IsOptional, $"{input.Name} must be given and stands behind what need not be");
            seenOptional |= input.IsOptional;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void EveryDefaultIsWithinItsBounds(string name)
    {
        foreach (var input in GraphNodes.Find(name)!.Inputs)
            switch (input)
            {
                case WholeInput { Value: { } value } whole: Assert.InRange(value, whole.Min, whole.Max); break;
                case NumberInput { Value: { } value } number: Assert.InRange(value, number.Min, number.Max); break;
                case ChoiceInput { Value: { } value } choice: Assert.Contains(value, choice.Choices(nowhere)); break;
            }
    }
}
