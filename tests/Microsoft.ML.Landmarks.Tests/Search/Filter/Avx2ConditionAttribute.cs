using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

/// <summary>For test classes of kernels that need a processor with AVX2.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class Avx2ConditionAttribute : ConditionBaseAttribute
{
    public Avx2ConditionAttribute() : base(ConditionMode.Include) => IgnoreMessage = "This processor has no AVX2.";

    public override string GroupName => nameof(Avx2ConditionAttribute);

    public override bool IsConditionMet => Avx2.IsSupported;
}
