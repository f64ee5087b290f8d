using System.Reflection;

namespace Lowrank.Adapters.Tests;

/// <summary>What a user calls refuses null where it stands, by the argument's name.</summary>
public sealed class NullArgumentTests : IDisposable
{
    static readonly Type[] entries =
    [
        typeof(AdapterExtensions), typeof(ModelAdapters), typeof(ModelAdaptation), typeof(AdapterFile), typeof(ModelDescription), typeof(Methods),
        typeof(ScriptModel), typeof(Attachment), typeof(FusedAdamW), typeof(ParameterGroup), typeof(LoraOptions),
    ];

    // Nobody looks into it: the null beside it comes first.
    public class NoFile : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException();
    }

    readonly TorchSharp.Modules.Sequential net = nn.Sequential(("q_proj", nn.Linear(4, 4)));
    readonly ModelAdapters adapters;

    public NullArgumentTests() => adapters = net.AddLora("q_proj", rank: 1);

    public void Dispose()
    {
        adapters.Dispose();
        net.Dispose();
    }

    // Those that are declared there, public, and no record's own.
    static IEnumerable<MethodBase> Calls(Type type) =>
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where type != typeof(ScriptModel) || member is MethodInfo { IsStatic: true }   // its others need a script
        where member is MethodInfo { IsSpecialName: false, IsVirtual: false } method && !method.Name.Contains('<') && method.Name != "Deconstruct"
            || member is ConstructorInfo && type.Name != nameof(ModelDescription)
        select (MethodBase)member;

    static bool RefusesNull(ParameterInfo parameter) =>
        !parameter.IsOut && !parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.NotNull;

    [Fact]
    public void ANullArgumentIsRefusedByItsName()
    {
        int asked = 0;
        var faults = new List<string>();
        foreach (var call in entries.SelectMany(Calls))
            foreach (var parameter in call.GetParameters().Where(RefusesNull))
            {
                asked++;
                string place = $"{call.DeclaringType!.Name}.{call.Name}({parameter.Name})";
                var thrown = Record.Exception(() => Call(call, parameter));
                var cause = thrown is TargetInvocationException { InnerException: { } inner } ? inner : thrown;
                if (cause is not ArgumentNullException refused) faults.Add($"{place}: {cause?.GetType().Name ?? "nothing"} {cause?.Message}");
                else if (refused.ParamName != parameter.Name) faults.Add($"{place}: by the name {refused.ParamName}");
            }
        Assert.True(asked > 40, $"{asked} arguments");
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    object? Call(MethodBase call, ParameterInfo missing)
    {
        object?[] arguments = [.. call.GetParameters().Select(p => p == missing ? null : p.HasDefaultValue ? p.DefaultValue : Value(p.ParameterType))];
        if (call is ConstructorInfo constructor) return constructor.Invoke(arguments);
        object? self = call.IsStatic ? null : call.DeclaringType == typeof(ModelAdapters) ? adapters : Own(call.DeclaringType!);
        return call.Invoke(self, arguments);
    }

    object? Own(Type type) => type == typeof(Attachment) ? adapters["default"] : type == typeof(ModelDescription) ? adapters.Model : null;

    object? Value(Type type)
    {
        if (type == typeof(string)) return "q_proj";
        if (type == typeof(nn.Module)) return net;
        if (type == typeof(ModelDescription)) return adapters.Model;
        if (type == typeof(Adapter)) return adapters["default"].Adapter;
        if (type == typeof(Attachment)) return adapters["default"];
        if (type == typeof(MethodOptions)) return new MethodOptions(1);
        if (type == typeof(Dialect)) return Dialects.Named("peft");
        if (type == typeof(Lowrank.Formats.ITensorFile)) return DispatchProxy.Create<Lowrank.Formats.ITensorFile, NoFile>();
        if (type == typeof(IReadOnlyList<(string, double)>)) return Array.Empty<(string, double)>();
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }
}
