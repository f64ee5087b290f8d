using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Lowrank.House.Tests;

/// <summary>What runs on one device runs on all: every tensor is born on a device that the source names.</summary>
public class DeviceTests
{
    public static IEnumerable<TheoryDataRow<string>> Projects => SourceProject.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory, MemberData(nameof(Projects))]
    public void EveryTensorFactoryNamesItsDevice(string project)
    {
        var faults = Births(SourceProject.Of(project)).Where(birth => !NamesDevice(birth)).Select(Told).ToList();
        Assert.True(faults.Count == 0, $"{faults.Count} places:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}");
    }

    [Fact]
    public void FactoriesAreFoundAtAll() =>
        Assert.Contains(SourceProject.Names, project => Births(SourceProject.Of(project)).Any(NamesDevice));

    static IEnumerable<IInvocationOperation> Births(SourceProject project) =>
        from tree in project.Trees
        let model = project.Model(tree)
        from call in tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
        let operation = model.GetOperation(call) as IInvocationOperation
        where operation is not null && IsFactory(operation.TargetMethod)
        select operation;

    // Static methods of TorchSharp that can be told a device; what is made like another tensor has that one's.
    static bool IsFactory(IMethodSymbol method) =>
        method.IsStatic && method.ContainingAssembly.Name == "TorchSharp"
        && !method.Name.EndsWith("_like", StringComparison.Ordinal) && method.Parameters.Any(IsDevice);

    static bool IsDevice(IParameterSymbol parameter) => parameter.Name == "device" && parameter.Type.Name == "Device";

    static bool NamesDevice(IInvocationOperation call) => call.Arguments.Any(argument =>
        argument.Parameter is { } parameter && IsDevice(parameter) && argument.ArgumentKind == ArgumentKind.Explicit);

    static string Told(IInvocationOperation call)
    {
        var place = call.Syntax.GetLocation().GetLineSpan();
        return $"{place.Path}({place.StartLinePosition.Line + 1}): {call.TargetMethod.Name}";
    }
}
