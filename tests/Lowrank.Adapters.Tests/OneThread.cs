using System.Runtime.CompilerServices;

namespace Lowrank.Adapters.Tests;

/// <summary>Tensors of a few dozen elements gain nothing from threads, and on a busy machine wait for them.</summary>
static class OneThread
{
    [ModuleInitializer]
    internal static void Set() => set_num_threads(1);
}
