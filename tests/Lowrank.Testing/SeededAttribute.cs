using System.Reflection;
using TorchSharp;
using Xunit.v3;

namespace Lowrank.Testing;

/// <summary>Each test begins with the same state of libtorch's generator, so that it draws the same whatever ran before it.</summary>
/// <remarks><c>LOWRANK_SEED=N</c> in the environment (0 by default) draws other numbers: no test may depend on which.</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class SeededAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => torch.random.manual_seed(TestSeeds.Chosen).Dispose();
}
