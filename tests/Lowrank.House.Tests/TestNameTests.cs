using System.Text.RegularExpressions;

namespace Lowrank.House.Tests;

/// <summary>A test's name is a sentence whose words begin with capitals.</summary>
public partial class TestNameTests
{
    [GeneratedRegex("^([A-Z][A-Za-z0-9]*)$")]
    private static partial Regex Sentence();

    [Fact]
    public void TestsAreNamedInOneStyle()
    {
        Assert.NotEmpty(TestMethod.All);
        var others = TestMethod.All.Where(test => !Sentence().IsMatch(test.Name)).ToList();
        Assert.True(others.Count == 0, $"{others.Count} names:{Environment.NewLine}{string.Join(Environment.NewLine, others)}");
    }
}
